-- Where things are, and how the tests see what the user would.

local M = {}

M.client = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h")
M.root = vim.fn.fnamemodify(M.client, ":h:h")
M.program = assert(vim.env.P2MLAB_SERVER, "P2MLAB_SERVER names the program")

--- What vim.notify was told since the last call.
local told = {}
vim.notify = function(message) table.insert(told, message) end

function M.told()
  local messages = told
  told = {}
  return messages
end

--- Waits for the next message, and returns it.
function M.next_message()
  eventually("a message", function() return #told > 0 end)
  return table.remove(told, 1)
end

function M.open(path)
  vim.cmd("edit " .. vim.fn.fnameescape(M.root .. "/" .. path))
  return vim.api.nvim_get_current_buf()
end

--- A buffer with `lines`, as a session.
function M.session(lines)
  vim.cmd("enew!")
  vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
  vim.bo.filetype = "p2mlab"
  return vim.api.nvim_get_current_buf()
end

--- By line: the texts below it.
function M.annotations(bufnr)
  local found = {}
  local namespace = vim.api.nvim_get_namespaces().p2mlab
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(bufnr, namespace, 0, -1, { details = true })) do
    local texts = found[mark[2] + 1] or {}
    for _, line in ipairs(mark[4].virt_lines or {}) do
      table.insert(texts, table.concat(vim.tbl_map(function(chunk) return chunk[1] end, line)))
    end
    found[mark[2] + 1] = texts
  end
  return found
end

--- The diagnostics as { line, severity, message }.
function M.diagnostics(bufnr)
  return vim.tbl_map(function(found)
    return { found.lnum + 1, vim.diagnostic.severity[found.severity], found.message }
  end, vim.diagnostic.get(bufnr))
end

function M.state()
  local bufnr = vim.fn.bufnr("p2mlab://state")
  return bufnr > 0 and vim.api.nvim_buf_get_lines(bufnr, 0, -1, false) or {}
end

return M
