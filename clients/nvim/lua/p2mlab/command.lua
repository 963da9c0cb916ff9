--- `:P2MLab`: what follows it, and what can be completed.

local M = {}

local lab = setmetatable({}, { __index = function(_, name) return require("p2mlab")[name] end })

--- By name: what it does with the command's arguments (buffer, line, range, words).
local subcommands = {
  run = function(at)
    lab.run(at.buffer, at.words[1], at.range and at.first, at.range and at.last)
  end,
  step = function(at) lab.step(at.buffer, at.line) end,
  state = function(at) lab.state(at.buffer, at.line) end,
  explore = function(at) lab.explore(at.buffer, at.words) end,
  compare = function(at) lab.compare(at.buffer, at.words) end,
  clear = function(at) require("p2mlab.show").clear(at.buffer) end,
  stop = function() lab.stop() end,
}

local takes_presets = { run = true, explore = true, compare = true }

--- @param command table as nvim_create_user_command gives it
function M.perform(command)
  local words = vim.split(command.args, "%s+", { trimempty = true })
  local name = table.remove(words, 1)
  local subcommand = subcommands[name]
  if not subcommand then
    local names = vim.tbl_keys(subcommands)
    table.sort(names)
    return require("p2mlab.show").complain(
      ("there is no '%s'; there are %s"):format(name or "", table.concat(names, ", ")))
  end
  subcommand({
    buffer = vim.api.nvim_get_current_buf(),
    line = command.range > 0 and command.line2 or vim.api.nvim_win_get_cursor(0)[1],
    range = command.range > 0, first = command.line1, last = command.line2, words = words,
  })
end

function M.complete(lead, line)
  local words = vim.split(line, "%s+", { trimempty = true })
  local behind = #words - (lead ~= "" and 1 or 0)
  local name = words[2]
  local candidates = {}
  if behind <= 1 then
    candidates = vim.tbl_keys(subcommands)
  elseif takes_presets[name] then
    candidates = vim.list_extend({}, lab.presets())
    if name == "explore" then
      for _, parameter in ipairs(lab.exploration_names) do table.insert(candidates, parameter .. "=") end
    end
  end
  table.sort(candidates)
  return vim.tbl_filter(function(candidate) return vim.startswith(candidate, lead) end, candidates)
end

return M
