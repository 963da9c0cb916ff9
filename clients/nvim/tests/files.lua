local project = require("project")

local T = {}

local function filetype_of(name, lines)
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder)
  vim.fn.writefile(lines, folder .. "/" .. name)
  vim.cmd("edit " .. folder .. "/" .. name)
  return vim.bo.filetype
end

T["a session is known by its name"] = function()
  equal("p2mlab", filetype_of("x.p2m.ndjson", { "" }))
  vim.cmd("edit " .. vim.fn.tempname() .. ".p2m.ndjson")
  equal("p2mlab", vim.bo.filetype)
end

T["other .ndjson files are known by their first line"] = function()
  for _, file in ipairs(vim.fn.glob(project.root .. "/examples/*.ndjson", true, true)) do
    vim.cmd("edit " .. vim.fn.fnameescape(file))
    equal("p2mlab", vim.bo.filetype)
  end
  assert(filetype_of("x.ndjson", { '{"level":"info","method":"GET"}' }) ~= "p2mlab")
end

T["the plugin's options have names that are checked"] = function()
  local ok, why = pcall(require("p2mlab").setup, { comand = "x" })
  equal(false, ok)
  matches("there is no option 'comand'", why)
  require("p2mlab").setup()
end

T["syntax tells requests, replies, notes and frame numbers apart"] = function()
  project.session({
    '{"jsonrpc":"2.0","method":"session.note","params":{"text":"x"}}',
    '{"jsonrpc":"2.0","id":1,"method":"physmap.unmap","params":{"gfn":"0x38000"}}',
    '{"jsonrpc":"2.0","id":1,"result":{}}',
  })
  vim.cmd("syntax on")
  local function group(line, text)
    local column = assert(vim.fn.getline(line):find(text, 1, true))
    return vim.fn.synIDattr(vim.fn.synID(line, column, 1), "name")
  end
  equal("p2mlabNote", group(1, "session"))
  equal("p2mlabMethod", group(2, "physmap"))
  equal("p2mlabFrame", group(2, '"0x38000'))
  equal("p2mlabKey", group(2, '"params'))
  equal("p2mlabReply", group(3, "jsonrpc"))
end

T["help has its tags"] = function()
  vim.cmd("silent helptags " .. project.client .. "/doc")
  vim.cmd("help :P2MLab")
  equal("p2mlab.txt", vim.fn.expand("%:t"))
  vim.cmd("help p2mlab-setup")
end

T["every subcommand and option is in the help"] = function()
  local help = table.concat(vim.fn.readfile(project.client .. "/doc/p2mlab.txt"), "\n")
  for _, name in ipairs(vim.fn.getcompletion("P2MLab ", "cmdline")) do
    assert(help:find("*:P2MLab-" .. name .. "*", 1, true), name)
  end
  for name in pairs(require("p2mlab").config) do assert(help:find("\n" .. name .. "%s"), name) end
end

T["checkhealth tells the program's version"] = function()
  vim.cmd("silent checkhealth p2mlab")
  local report = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
  matches("p2mlab %d+%.%d+%.%d+, with %d+ presets", report)
  assert(not report:find("ERROR"))
end

T["checkhealth says what is missing"] = function()
  local lab = require("p2mlab")
  lab.setup({ command = "/nowhere/p2mlab" })
  vim.cmd("silent checkhealth p2mlab")
  matches("ERROR.*'/nowhere/p2mlab' is not executable", table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n"))
  lab.setup({ command = project.program })
end

return T
