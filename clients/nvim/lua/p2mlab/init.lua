--- Runs p2mlab's sessions from their buffers. See |p2mlab.txt|.

local Server = require("p2mlab.server")
local session = require("p2mlab.session")
local show = require("p2mlab.show")

local M = {}

--- What setup{} may set.
M.config = {
  --- The program.
  command = vim.env.P2MLAB_SERVER or "p2mlab",
  --- Arguments of `p2mlab serve` and `p2mlab lsp`, which are to judge alike, such as { "--allow-read", "/boot" }.
  serve = {},
  --- Whether `p2mlab lsp` serves session files too.
  lsp = false,
}

--- What a machine follows where nothing is said.
local DEFAULT_PRESET = "xen-4.16"

--- The servers, started when they are first needed and again when they have died. Exploring may take
--- minutes, and has one of its own.
local servers = {}
--- By buffer, what it waits for: the server, and the request's id.
local tasks = {}

local function running(name)
  local server = servers[name]
  if server and server:is_alive() then return server end
  local why
  server, why = Server.start(
    vim.list_extend({ M.config.command, "serve" }, M.config.serve),
    function(_, percentage)
      vim.api.nvim_echo({ { ("p2mlab: %d%%"):format(percentage) } }, false, {})
    end)
  servers[name] = server
  if not server then show.complain(why) end
  return server
end

--- Asks for a buffer; what it still waits for is cancelled.
local function ask(bufnr, method, params, answer)
  local server = running(method == "explore.run" and "explorer" or "runner")
  if not server then return end
  local before = tasks[bufnr]
  if before then before.server:cancel(before.id) end
  local task = { server = server }
  tasks[bufnr] = task
  task.id = server:request(method, params, function(err, result)
    if tasks[bufnr] ~= task then return end
    tasks[bufnr] = nil
    if err then return show.complain(err.message) end
    if vim.api.nvim_buf_is_loaded(bufnr) then answer(result) end
  end)
end

--- The same about the first `count` lines of the session in the buffer; what is answered when the buffer
--- has changed is about other lines, and dropped.
local function ask_session(bufnr, method, params, count, answer)
  local text, why = session.text(bufnr, count)
  if not text then return show.complain(why) end
  local tick = vim.api.nvim_buf_get_changedtick(bufnr)
  params.session = text
  ask(bufnr, method, params, function(result)
    if vim.api.nvim_buf_get_changedtick(bufnr) ~= tick then
      return show.complain("the buffer has changed meanwhile; run it again")
    end
    answer(result)
  end)
end

--- Runs the session, and shows what came of lines `first` to `last`; all before them is carried out too.
--- @param preset string|nil the release to follow, whatever the session says; kept until all of the buffer is
--- run without one
function M.run(bufnr, preset, first, last)
  if preset or not last then vim.b[bufnr].p2mlab_preset = preset end
  ask_session(bufnr, "session.run", { preset = vim.b[bufnr].p2mlab_preset }, last and session.step_end(bufnr, last), function(result)
    show.tell(show.run(bufnr, result, first or 1))
  end)
end

--- Shows what the machines are after `line`.
function M.state(bufnr, line)
  local count = session.step_end(bufnr, line)
  ask_session(bufnr, "session.run", { state = true, preset = vim.b[bufnr].p2mlab_preset }, count, function(result)
    local summary = show.run(bufnr, result, 1)
    if result.unusable then return show.complain(summary) end
    show.split("p2mlab://state", vim.list_extend({ ("after line %d"):format(line) }, result.state))
  end)
end

--- Goes to the next request, and shows the state after it.
function M.step(bufnr, line)
  local following = session.next_request(bufnr, line)
  if not following then return show.tell("no request follows") end
  vim.api.nvim_win_set_cursor(0, { following, 0 })
  M.state(bufnr, following)
end

--- Shows where presets answer otherwise; one alone is compared with the default.
function M.compare(bufnr, presets)
  if #presets == 0 then return show.complain("compare: name one preset or more") end
  if #presets == 1 then table.insert(presets, 1, DEFAULT_PRESET) end
  ask_session(bufnr, "compare.run", { presets = presets }, nil, function(result)
    show.tell(show.compare(bufnr, result))
  end)
end

--- What explore.run is asked where nothing else is said.
local EXPLORATION = { preset = DEFAULT_PRESET, gfns = 4, frames = 2, foreignPages = 2 }
--- The names that take a value.
M.exploration_names = { "gfns", "frames", "foreignPages", "vcpus", "depth", "maxStates", "property" }

--- Looks at every state of a small machine; a history that breaks a property opens as a session.
--- @param arguments string[] a preset, and NAME=VALUE as explore.run has them
function M.explore(bufnr, arguments)
  local params = vim.tbl_extend("force", EXPLORATION, { preset = vim.b[bufnr].p2mlab_preset })
  for _, argument in ipairs(arguments) do
    local name, value = argument:match("^(%w+)=(.+)$")
    if name == "property" then
      params.properties = vim.list_extend(params.properties or {}, { value })
    elseif name then
      params[name] = tonumber(value) or value
    else
      params.preset = argument
    end
  end
  params.workDoneToken = "explore"
  ask(bufnr, "explore.run", params, function(result)
    local counts = ("%s: %s; %d states"):format(params.preset, result.verdict, result.states)
    if result.boundedBy then counts = ("%s, bounded by %s"):format(counts, result.boundedBy) end
    if result.verdict ~= "violated" then return show.tell(counts) end
    local requests = vim.list_extend(result.setup, result.trace)
    vim.cmd("new")
    local found = vim.api.nvim_get_current_buf()
    local note = ("%s violates %s after %d steps."):format(params.preset, result.property, #result.trace)
    vim.api.nvim_buf_set_lines(found, 0, -1, false, session.lines(note, requests))
    vim.bo[found].filetype = "p2mlab"
    show.tell(counts .. "; this history violates " .. result.property)
    M.run(found)
  end)
end

--- Ends the servers, and with them whatever they are at.
function M.stop()
  tasks = {}
  for _, server in pairs(servers) do server:stop() end
  servers = {}
end

--- The presets, as far as the server has told them yet; asked for when first wanted.
function M.presets()
  if not M.known_presets then
    local server = running("runner")
    if not server then return {} end
    server:request("server.info", nil, function(_, info) M.known_presets = info and info.presets end)
    vim.wait(200, function() return M.known_presets ~= nil end, 5)
  end
  return M.known_presets or {}
end

--- Has `p2mlab lsp` serve a session's buffer, if it has a name by which both can speak of it.
function M.lsp(bufnr)
  if vim.api.nvim_buf_get_name(bufnr) == "" then return end
  local config = {
    name = "p2mlab",
    cmd = vim.list_extend({ M.config.command, "lsp" }, M.config.serve),
    root_dir = vim.fn.getcwd(),
    on_attach = function(_, attached) show.leave_diagnostics(attached) end,
  }
  if vim.lsp.start then return vim.lsp.start(config, { bufnr = bufnr }) end
  -- Before Neovim 0.8.
  if not (M.client and vim.lsp.get_client_by_id(M.client)) then M.client = vim.lsp.start_client(config) end
  if M.client then vim.lsp.buf_attach_client(bufnr, M.client) end
  return M.client
end

--- Sets what differs from `config`; not needed otherwise.
function M.setup(options)
  for name in pairs(options or {}) do
    if M.config[name] == nil then error(("p2mlab: there is no option '%s'"):format(name), 2) end
  end
  M.config = vim.tbl_extend("force", M.config, options or {})
  if not M.config.lsp then return end
  vim.api.nvim_create_autocmd("FileType", {
    pattern = "p2mlab",
    group = vim.api.nvim_create_augroup("p2mlab", { clear = true }),
    callback = function(event) M.lsp(event.buf) end,
  })
end

return M
