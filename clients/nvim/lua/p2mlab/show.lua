--- What a buffer shows of an answer: virtual text, diagnostics, and the state in a split.

local M = {}

local namespace = vim.api.nvim_create_namespace("p2mlab")
--- Characters of a value in a diagnostic.
local VALUE_LIMIT = 200

-- What a diagnostic says stands below its line already.
vim.diagnostic.config({ virtual_text = false }, namespace)

vim.cmd([[
  highlight default link P2MLabReply Comment
  highlight default link P2MLabFailure WarningMsg
  highlight default link P2MLabViolation ErrorMsg
]])

function M.tell(message, level)
  vim.notify("p2mlab: " .. message, level or vim.log.levels.INFO)
end

function M.complain(message)
  M.tell(message, vim.log.levels.ERROR)
end

function M.clear(bufnr)
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  vim.diagnostic.reset(namespace, bufnr)
end

--- Puts text below a line: sessions' lines are long, and what stands at their end is rarely seen.
--- A line has one mark for all, as Neovim may draw several in any order.
local function annotate(bufnr, line, ...)
  local mark = vim.api.nvim_buf_get_extmark_by_id(bufnr, namespace, line, { details = true })
  local texts = mark[3] and mark[3].virt_lines or {}
  table.insert(texts, { ... })
  vim.api.nvim_buf_set_extmark(bufnr, namespace, line - 1, 0, { id = line, virt_lines = texts })
end

--- Whether p2mlab's language server tells what a run of the buffer does. It does not know of a preset that is
--- named to one.
local function is_served(bufnr)
  if vim.b[bufnr].p2mlab_preset then return false end
  -- Before Neovim 0.10 there is no get_clients.
  local clients = vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = bufnr }) or vim.lsp.buf_get_clients(bufnr)
  for _, client in pairs(clients) do
    if client.name == "p2mlab" then return true end
  end
  return false
end

--- Leaves diagnostics to a language server that came while the session was run.
function M.leave_diagnostics(bufnr)
  if is_served(bufnr) then vim.diagnostic.reset(namespace, bufnr) end
end

--- Shows what is wrong at a line, and adds it to the diagnostics.
local function find_fault(bufnr, found, line, severity, message)
  for text in vim.gsplit(message, "\n") do
    annotate(bufnr, line, { "  ! " .. text, "P2MLabViolation" })
  end
  table.insert(found, {
    lnum = line - 1, col = 0, severity = vim.diagnostic.severity[severity], message = message, source = "p2mlab",
  })
end

local function short(value)
  if not value then return "nothing" end
  return #value <= VALUE_LIMIT and value or value:sub(1, VALUE_LIMIT) .. "..."
end

--- Shows what session.run answered, from line `first` on. What the language server shows too is left to it:
--- the diagnostics, and replies where there are inlay hints.
--- @return string a sentence that sums it up
function M.run(bufnr, result, first)
  M.clear(bufnr)
  local found = {}
  local violations = 0
  local served = is_served(bufnr)
  -- Neovim has inlay hints since 0.10.
  local hinted = served and vim.lsp.inlay_hint and vim.lsp.inlay_hint.is_enabled({ bufnr = bufnr })
  for _, row in ipairs(result.rows) do
    if row.line >= first then
      if not hinted then
        annotate(bufnr, row.line, { "  " .. row.summary, row.code == 0 and "P2MLabReply" or "P2MLabFailure" })
      end
      for _, violation in ipairs(row.violations) do
        violations = violations + 1
        find_fault(bufnr, found, row.line, "WARN", violation.property .. ": " .. violation.message)
      end
    end
  end
  local differences = 0
  for _, at in ipairs(result.differences) do
    if at.line >= first then
      differences = differences + 1
      local message = ("%s: expected %s, got %s"):format(at.path, short(at.expected), short(at.actual))
      find_fault(bufnr, found, at.line, "ERROR", message)
    end
  end
  local bad = result.unusable
  if bad then find_fault(bufnr, found, bad.line, "ERROR", bad.reason) end
  if not served then vim.diagnostic.set(namespace, bufnr, found) end
  if bad then return ("line %d: %s"):format(bad.line, bad.reason) end
  return ("%d replies, %d differences, %d violations"):format(result.compared, differences, violations)
end

--- Shows what compare.run answered.
--- @return string a sentence that sums it up
function M.compare(bufnr, result)
  M.clear(bufnr)
  local different = 0
  for _, row in ipairs(result.rows) do
    local chunks = {}
    local differs = false
    for index, reply in ipairs(row.replies) do
      local words = reply.errno or (reply.code == 0 and "ok" or tostring(reply.code))
      local violations = #reply.violations > 0 and " !" .. table.concat(reply.violations, " !") or ""
      local highlight = reply.differs and "P2MLabFailure" or "P2MLabReply"
      table.insert(chunks, { ("  %s: %s%s"):format(result.presets[index], words, violations), highlight })
      differs = differs or reply.differs
    end
    if differs then
      different = different + 1
      annotate(bufnr, row.line, unpack(chunks))
    end
  end
  local parting = result.firstDifference
  if not parting then return ("%d requests, answered alike"):format(#result.rows) end
  local found = {}
  local texts = { parting.path }
  for _, side in ipairs(parting.values) do
    local value = side.value ~= nil and vim.json.encode(side.value) or nil
    table.insert(texts, ("%s: %s"):format(side.preset, short(value)))
  end
  find_fault(bufnr, found, parting.line, "WARN", table.concat(texts, "\n"))
  vim.diagnostic.set(namespace, bufnr, found)
  return ("%d of %d requests are answered otherwise, the first at line %d"):format(different, #result.rows, parting.line)
end

--- Shows lines in a split that is called `name`; the cursor stays where it is.
function M.split(name, lines)
  local bufnr = vim.fn.bufnr("^" .. vim.fn.escape(name, "[]*?^$") .. "$")
  if bufnr < 0 then
    bufnr = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(bufnr, name)
    vim.bo[bufnr].filetype = "p2mlabstate"
  end
  if vim.fn.bufwinid(bufnr) < 0 then
    local window = vim.api.nvim_get_current_win()
    vim.cmd("belowright 12split")
    vim.api.nvim_win_set_buf(0, bufnr)
    vim.api.nvim_set_current_win(window)
  end
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
end

return M
