local project = require("project")

local STORY = "examples/stale-frame.xen-4.16.ndjson"
local DOMAIN = '{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1}}'

local function at(line, command)
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  vim.cmd(command)
end

local T = {}

T["run shows every reply below its request, and violations as warnings"] = function()
  local bufnr = project.open(STORY)
  vim.cmd("P2MLab run")
  equal("p2mlab: 11 replies, 0 differences, 2 violations", project.next_message())
  local texts = project.annotations(bufnr)
  equal({ "  ok" }, texts[2])
  equal("  -0x38000 foreign domain 2 gfn 0x40004 (stale-tracking)  +0x38010 grant domain 1 frame 0", texts[21][1])
  matches("^  ! no%-collateral%-removal: foreign page 0x40004", texts[21][2])
  local lines = vim.tbl_map(function(found) return { found[1], found[2] } end, project.diagnostics(bufnr))
  equal({ { 11, "WARN" }, { 21, "WARN" } }, lines)
end

T["a reply that differs is an error at the line of the expected reply"] = function()
  local bufnr = project.session({ DOMAIN, "", '{"id":1,"result":{"maxPages":7}}' })
  vim.cmd("P2MLab run")
  equal("p2mlab: 1 replies, 1 differences, 0 violations", project.next_message())
  equal({ { 3, "ERROR", "/result/maxPages: expected 7, got 0" } }, project.diagnostics(bufnr))
end

T["a reply that is an error stands out"] = function()
  local bufnr = project.session({ '{"jsonrpc":"2.0","id":1,"method":"domain.get","params":{"domain":9}}' })
  vim.cmd("P2MLab run")
  project.next_message()
  equal({ "  ESRCH: there is no domain 9" }, project.annotations(bufnr)[1])
end

T["a preset counts whatever the session says, and is kept for the state"] = function()
  local bufnr = project.open("examples/stale-frame.xen-4.17.ndjson")
  vim.cmd("P2MLab run xen-4.14")
  matches("violations", project.next_message())
  assert(#vim.diagnostic.get(bufnr) > 0)
  vim.cmd("P2MLab state")
  eventually("the state", function() return project.state()[2] == "machine main: xen-4.14" end)
  vim.cmd("1,$P2MLab run")
  matches("[1-9]%d* violations", project.next_message())
  vim.cmd("P2MLab run")
  equal("p2mlab: 13 replies, 0 differences, 0 violations", project.next_message())
end

T["an unknown preset is told with those that there are"] = function()
  project.session({ DOMAIN })
  vim.cmd("P2MLab run xen-9")
  matches("xen%-4%.16", project.next_message())
end

T["a range shows its lines only, on the state that those before it leave"] = function()
  local bufnr = project.open(STORY)
  vim.cmd("21P2MLab run")
  project.next_message()
  local texts = project.annotations(bufnr)
  equal({ 21 }, vim.tbl_keys(texts))
  matches("stale%-tracking", texts[21][1])
end

T["a bad line is told in one sentence, and marked"] = function()
  local bufnr = project.session({ DOMAIN, '{"jsonrpc":' })
  vim.cmd("P2MLab run")
  matches("^p2mlab: line 2: not JSON", project.next_message())
  equal({ 2, "ERROR" }, { unpack(project.diagnostics(bufnr)[1], 1, 2) })
end

T["a bad line does not keep the state before it from being told"] = function()
  project.session({ DOMAIN, "nonsense" })
  at(1, "P2MLab state")
  eventually("the state", function() return project.state()[3] == "domain 1: 0 pages" end)
end

T["the state is that after the cursor's line, its expected reply included"] = function()
  project.open(STORY)
  at(11, "P2MLab state")
  eventually("the state", function() return project.state()[1] == "after line 11" end)
  local state = table.concat(project.state(), "\n")
  matches("grant frame 0: tracked at 0x38000, mapped nowhere, stale", state)
  matches("! tracking%-agrees", state)
  equal(11, vim.api.nvim_win_get_cursor(0)[1])
  equal(2, #vim.api.nvim_list_wins())
  at(18, "P2MLab state")
  eventually("the next state", function() return project.state()[1] == "after line 18" end)
  equal(2, #vim.api.nvim_list_wins())
end

T["step goes from request to request, past notes and replies"] = function()
  project.open(STORY)
  for _, line in ipairs({ 2, 4, 6, 9 }) do
    vim.cmd("P2MLab step")
    equal(line, vim.api.nvim_win_get_cursor(0)[1])
    eventually("the state", function() return project.state()[1] == "after line " .. line end)
  end
  at(26, "P2MLab step")
  equal("p2mlab: no request follows", project.next_message())
end

T["compare shows what presets answer, and where they part"] = function()
  local bufnr = project.open(STORY)
  vim.cmd("P2MLab compare xen-4.16 xen-4.17")
  equal("p2mlab: 5 of 11 requests are answered otherwise, the first at line 11", project.next_message())
  matches("xen%-4%.16: ok !tracking%-agrees  xen%-4%.17: ok", project.annotations(bufnr)[11][1])
  equal(11, project.diagnostics(bufnr)[1][1])
  vim.cmd("P2MLab compare xen-4.17")
  matches("the first at line 11", project.next_message())
  vim.cmd("P2MLab compare")
  equal("p2mlab: compare: name one preset or more", project.next_message())
end

T["explore opens the history that breaks a property, and runs it"] = function()
  project.session({ DOMAIN })
  vim.cmd("P2MLab explore xen-4.16 gfns=2 frames=1 foreignPages=1 property=no-collateral-removal")
  matches("^p2mlab: xen%-4%.16: violated; %d+ states; this history violates no%-collateral%-removal", project.next_message())
  local bufnr = vim.api.nvim_get_current_buf()
  equal("p2mlab", vim.bo[bufnr].filetype)
  matches("0 differences, %d violations", project.next_message())
  local last = vim.api.nvim_buf_line_count(bufnr)
  equal(last, project.diagnostics(bufnr)[#project.diagnostics(bufnr)][1])
  matches('^{"jsonrpc":"2.0","id":%d+,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x%x+"}}$',
    vim.api.nvim_buf_get_lines(bufnr, -2, -1, false)[1])
end

T["explore says where a property holds, and names what is wrong with its arguments"] = function()
  project.session({ DOMAIN })
  vim.cmd("P2MLab explore xen-4.17 gfns=2 frames=1 foreignPages=1 property=no-collateral-removal")
  matches("^p2mlab: xen%-4%.17: holds; %d+ states$", project.next_message())
  vim.cmd("P2MLab explore gfns=0")
  matches("at '/gfns'", project.next_message())
end

T["a second run cancels the first"] = function()
  project.session({ DOMAIN })
  vim.cmd("P2MLab explore xen-4.17 gfns=14 frames=10 foreignPages=10 property=no-collateral-removal")
  vim.cmd("P2MLab run")
  equal("p2mlab: 0 replies, 0 differences, 0 violations", project.next_message())
  equal({}, project.told())
end

T["what is answered after a change is dropped"] = function()
  local bufnr = project.session({ DOMAIN })
  vim.cmd("P2MLab run")
  vim.api.nvim_buf_set_lines(bufnr, 0, 0, false, { "" })
  equal("p2mlab: the buffer has changed meanwhile; run it again", project.next_message())
  equal({}, project.annotations(bufnr))
end

T["a buffer that is gone when the answer comes is no matter"] = function()
  local bufnr = project.session({ DOMAIN })
  vim.cmd("P2MLab run")
  vim.cmd("bwipeout!")
  project.session({ DOMAIN })
  vim.cmd("P2MLab run")
  equal("p2mlab: 0 replies, 0 differences, 0 violations", project.next_message())
  equal(false, vim.api.nvim_buf_is_valid(bufnr))
end

T["a session that is too large is not sent"] = function()
  local line = ("x"):rep(1024 * 1024)
  project.session({ line, line, line, line, line })
  vim.cmd("P2MLab run")
  matches("^p2mlab: the session has %d+ bytes, and 4194304 are taken at most$", project.next_message())
end

T["ten thousand requests are shown"] = function()
  local lines = {}
  for id = 1, 10000 do lines[id] = ('{"jsonrpc":"2.0","id":%d,"method":"domain.list"}'):format(id) end
  local bufnr = project.session(lines)
  vim.cmd("P2MLab run")
  equal("p2mlab: 0 replies, 0 differences, 0 violations", project.next_message())
  equal(10000, #vim.tbl_keys(project.annotations(bufnr)))
end

T["a session is run while another buffer explores"] = function()
  project.session({ DOMAIN })
  vim.cmd("P2MLab explore xen-4.17 gfns=14 frames=10 foreignPages=10 property=no-collateral-removal")
  project.session({ DOMAIN })
  vim.cmd("P2MLab run")
  equal("p2mlab: 0 replies, 0 differences, 0 violations", project.next_message())
  vim.cmd("P2MLab stop")
  equal({}, project.told())
end

T["a server that is stopped is started again"] = function()
  project.session({ DOMAIN })
  vim.cmd("P2MLab run")
  vim.cmd("P2MLab stop")
  vim.cmd("P2MLab run")
  equal("p2mlab: 0 replies, 0 differences, 0 violations", project.next_message())
end

T["a server that falls silent is replaced after stop"] = function()
  local lab = require("p2mlab")
  local silent = vim.fn.tempname()
  vim.fn.writefile({ "#!/bin/sh", "exec cat > /dev/null" }, silent)
  vim.fn.setfperm(silent, "rwx------")
  vim.cmd("P2MLab stop")
  lab.setup({ command = silent })
  project.session({ DOMAIN })
  vim.cmd("P2MLab run")
  lab.setup({ command = project.program })
  vim.cmd("P2MLab stop")
  vim.cmd("P2MLab run")
  equal("p2mlab: 0 replies, 0 differences, 0 violations", project.next_message())
  equal({}, project.told())
end

T["a program that cannot be found is told once"] = function()
  local lab = require("p2mlab")
  vim.cmd("P2MLab stop")
  lab.setup({ command = "/nowhere/p2mlab" })
  project.session({ DOMAIN })
  vim.cmd("P2MLab run")
  matches("'/nowhere/p2mlab' is not executable", project.next_message())
  equal({}, project.told())
  lab.setup({ command = project.program })
end

T["clear takes everything away"] = function()
  local bufnr = project.open(STORY)
  vim.cmd("P2MLab run")
  project.next_message()
  vim.cmd("P2MLab clear")
  equal({}, project.annotations(bufnr))
  equal({}, project.diagnostics(bufnr))
end

T["a subcommand that there is not is told with those that there are"] = function()
  vim.cmd("P2MLab rnu")
  equal("p2mlab: there is no 'rnu'; there are clear, compare, explore, run, state, step, stop", project.next_message())
end

T["subcommands, presets and names are completed"] = function()
  equal({ "clear", "compare", "explore", "run", "state", "step", "stop" }, vim.fn.getcompletion("P2MLab ", "cmdline"))
  equal({ "state", "step", "stop" }, vim.fn.getcompletion("P2MLab st", "cmdline"))
  eventually("the presets", function() return #require("p2mlab").presets() > 0 end)
  equal({ "xen-4.17", "xen-4.17.7" }, vim.fn.getcompletion("P2MLab run xen-4.17", "cmdline"))
  equal({ "xen-4.14" }, vim.fn.getcompletion("P2MLab compare xen-4.16 xen-4.14", "cmdline"))
  equal({ "foreignPages=", "frames=" }, vim.fn.getcompletion("P2MLab explore f", "cmdline"))
  equal({}, vim.fn.getcompletion("P2MLab state x", "cmdline"))
end

return T
