--- `:checkhealth p2mlab`

local M = {}

--- Before Neovim 0.8 the reports had other names.
local report = vim.health and vim.health.start and vim.health
  or setmetatable({}, { __index = function(_, name) return require("health")["report_" .. name] end })

--- A program that does not answer for so long is not well.
local PATIENCE = 5000

function M.check()
  report.start("p2mlab")
  if vim.fn.has("nvim-0.7.2") == 1 then
    report.ok("Neovim is 0.7.2 or newer")
  else
    report.error("Neovim is older than 0.7.2")
  end
  local command = require("p2mlab").config.command
  local server, why = require("p2mlab.server").start({ command, "serve" })
  if not server then return report.error(why, { "build p2mlab with 'make', and put it on your PATH" }) end
  local err, info
  server:request("server.info", nil, function(...) err, info = ... end)
  vim.wait(PATIENCE, function() return err or info end, 10)
  server:stop()
  if not info then
    return report.error(("'%s serve' does not answer: %s"):format(command, err and err.message or "nothing came"))
  end
  report.ok(("'%s' is %s %s, with %d presets"):format(command, info.name, info.version, #info.presets))
end

return M
