-- What the README tells to do, done.

local project = require("project")

local readme = table.concat(vim.fn.readfile(project.client .. "/README.md"), "\n")

--- The block of a language behind a sentence of the README.
local function recipe(sentence, language)
  local _, behind = readme:find(sentence, 1, true)
  assert(behind, "the README does not say: " .. sentence)
  return assert(readme:match("```" .. language .. "\n(.-)\n```", behind), "no recipe behind: " .. sentence)
end

local T = {}

T["Neovim's own packages find the plugin where the README puts it"] = function()
  local home = vim.fn.tempname()
  vim.fn.mkdir(home, "p")
  local script = ("cd %s\n"):format(vim.fn.shellescape(project.root)) .. recipe("With Neovim's own packages", "sh") .. [[

echo '{"jsonrpc":"2.0","id":1,"method":"domain.get","params":{"domain":9}}' > "$HOME/a.p2m.ndjson"
"$TESTED_NVIM" --headless "$HOME/a.p2m.ndjson" +'lua vim.notify = function(text) print(text) vim.cmd("qall!") end' +'P2MLab run' 2>&1
]]
  local env = {
    HOME = home, P2MLAB_SERVER = project.program, XDG_DATA_HOME = home .. "/.local/share",
    TESTED_NVIM = vim.v.progpath,
  }
  local said, ended = {}, nil
  vim.fn.jobstart({ "sh", "-c", script }, {
    env = env, stdout_buffered = true,
    on_stdout = function(_, data) said = data end,
    on_exit = function(_, code) ended = code end,
  })
  eventually("the end of nvim", function() return ended end)
  matches("p2mlab: 0 replies, 0 differences, 0 violations", table.concat(said, "\n"))
end

T["lazy.nvim is given what it takes"] = function()
  local spec = assert(loadstring(recipe("With lazy.nvim", "lua")))()
  matches("/clients/nvim$", spec.dir)
  require(spec.main).setup(spec.opts)
end

T["the options are those that there are"] = function()
  local lab = require("p2mlab")
  local before = vim.deepcopy(lab.config)
  assert(loadstring(recipe("Options, with their defaults", "lua")))()
  equal(vim.tbl_keys(before), vim.tbl_keys(lab.config))
  lab.setup(before)
end

T["a session runs each time it is written"] = function()
  vim.cmd(recipe("each time it is written", "vim"))
  local file = vim.fn.tempname() .. ".p2m.ndjson"
  vim.cmd("edit " .. file)
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { '{"jsonrpc":"2.0","id":1,"method":"domain.list"}' })
  vim.cmd("silent write")
  equal("p2mlab: 0 replies, 0 differences, 0 violations", project.next_message())
  vim.cmd("autocmd! BufWritePost *.p2m.ndjson")
end

T["the state follows the cursor"] = function()
  vim.cmd(recipe("Let the state follow", "vim"))
  project.open("examples/stale-frame.xen-4.16.ndjson")
  for _, line in ipairs({ 9, 11 }) do
    vim.api.nvim_win_set_cursor(0, { line, 0 })
    vim.cmd("doautocmd CursorHold")
    eventually("the state", function() return project.state()[1] == "after line " .. line end)
  end
end

T["keys run, step and show the state"] = function()
  assert(loadstring(recipe("Keys:", "lua")))()
  project.session({ "", '{"jsonrpc":"2.0","id":1,"method":"domain.list"}' })
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes("\\s", true, true, true), "xt", false)
  equal(2, vim.api.nvim_win_get_cursor(0)[1])
  eventually("the state", function() return project.state()[1] == "after line 2" end)
end

T["the location list has all that is wrong"] = function()
  project.open("examples/stale-frame.xen-4.16.ndjson")
  vim.cmd("P2MLab run")
  project.next_message()
  vim.cmd(recipe("in the location list", "vim"))
  equal({ 11, 21 }, vim.tbl_map(function(item) return item.lnum end, vim.fn.getloclist(0)))
  vim.cmd("lclose")
end

return T
