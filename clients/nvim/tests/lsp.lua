-- What `p2mlab lsp` shows of a session, and what a run leaves to it.

local lab = require("p2mlab")
local project = require("project")

local STORY = "examples/stale-frame.xen-4.16.ndjson"

-- Before Neovim 0.10 there is no get_clients.
local clients = vim.lsp.get_clients or vim.lsp.get_active_clients

--- Opens a session with the language server on, and checks what is to be checked.
local function served(path, check, serve)
  lab.setup({ lsp = true, serve = serve })
  local ok, why = xpcall(check, debug.traceback, project.open(path))
  vim.lsp.stop_client(clients())
  eventually("its end", function() return #clients() == 0 end)
  local is_done = false -- What Neovim has scheduled to do about the buffer before.
  vim.schedule(function() is_done = true end)
  eventually("the rest", function() return is_done end)
  vim.api.nvim_del_augroup_by_name("p2mlab")
  lab.setup({ lsp = false, serve = {} })
  if not ok then error(why, 0) end
end

--- How many diagnostics there are of the client's own.
local function own(bufnr)
  return #vim.diagnostic.get(bufnr, { namespace = vim.api.nvim_get_namespaces().p2mlab })
end

--- Waits for the language server's diagnostics.
local function is_judged(bufnr)
  eventually("the language server", function() return #vim.diagnostic.get(bufnr) > own(bufnr) end)
end

local T = {}

T["the language server serves sessions when asked for"] = function()
  served(STORY, function(bufnr)
    is_judged(bufnr)
    local marks = vim.tbl_map(function(found) return { found[1], found[2] } end, project.diagnostics(bufnr))
    equal({ { 11, "WARN" }, { 21, "WARN" } }, marks)
    vim.api.nvim_win_set_cursor(0, { 11, 0 })
    local hover
    vim.lsp.buf_request(bufnr, "textDocument/hover", vim.lsp.util.make_position_params(0, "utf-8"),
      function(_, result) hover = result end)
    eventually("a hover", function() return hover end)
    matches("After this line, machine main", hover.contents.value)
  end)
end

T["it judges by the arguments that a run does"] = function()
  served("examples/stale-frame.xen-4.17.ndjson", function(bufnr)
    is_judged(bufnr)
  end, { "--preset", "xen-4.14" })
end

T["a run leaves the diagnostics to it, and shows the rest"] = function()
  served(STORY, function(bufnr)
    is_judged(bufnr)
    vim.cmd("P2MLab run")
    equal("p2mlab: 11 replies, 0 differences, 2 violations", project.next_message())
    equal(2, #vim.diagnostic.get(bufnr))
    equal({ "  ok" }, project.annotations(bufnr)[2])
    matches("^  ! no%-collateral%-removal", project.annotations(bufnr)[21][2])
  end)
end

T["a run that is answered before it has come leaves them to it then"] = function()
  served(STORY, function(bufnr)
    vim.cmd("P2MLab run")
    project.next_message()
    is_judged(bufnr)
    equal(2, #vim.diagnostic.get(bufnr))
  end)
end

T["what it does not judge is the client's: a preset that is named, a comparison"] = function()
  served(STORY, function(bufnr)
    is_judged(bufnr)
    vim.cmd("P2MLab run xen-4.17")
    matches("[1-9]%d* differences", project.next_message())
    assert(own(bufnr) > 0)
    vim.cmd("P2MLab run")
    project.next_message()
    equal(0, own(bufnr))
    vim.cmd("P2MLab compare xen-4.17")
    project.next_message()
    equal(1, own(bufnr))
  end)
end

T["when it has ended, a run has diagnostics of its own again"] = function()
  served(STORY, function(bufnr)
    is_judged(bufnr)
    vim.lsp.stop_client(clients())
    eventually("its end", function() return #clients() == 0 end)
    vim.cmd("P2MLab run")
    project.next_message()
    equal(2, own(bufnr))
  end)
end

T["where inlay hints tell the replies, a run shows only what is wrong"] = function()
  local before = vim.lsp.inlay_hint
  -- Neovim before 0.10 has none.
  vim.lsp.inlay_hint = { is_enabled = function() return true end }
  served(STORY, function(bufnr)
    is_judged(bufnr)
    vim.cmd("P2MLab run")
    project.next_message()
    local texts = project.annotations(bufnr)
    equal(nil, texts[2])
    matches("^  ! no%-collateral%-removal", texts[21][1])
    vim.cmd("P2MLab run xen-4.16")
    project.next_message()
    equal({ "  ok" }, project.annotations(bufnr)[2])
  end)
  vim.lsp.inlay_hint = before
end

return T
