--- What is asked about the session in a buffer.

local M = {}

--- Bytes of a session that a server takes.
M.SIZE_LIMIT = 4 * 1024 * 1024

--- The first `count` lines of a buffer, or all of them, as one text.
--- @return string|nil text
--- @return string|nil why there is none
function M.text(bufnr, count)
  local last = count or -1
  local size = vim.api.nvim_buf_get_offset(bufnr, count or vim.api.nvim_buf_line_count(bufnr))
  if size > M.SIZE_LIMIT then
    return nil, ("the session has %d bytes, and %d are taken at most"):format(size, M.SIZE_LIMIT)
  end
  return table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, last, false), "\n")
end

--- Whether a line is a request, a reply, or neither, judged by what every writer of sessions puts first.
local function kind(line)
  if line:find('"method"%s*:') then return "request" end
  if line:find('"result"%s*:') or line:find('"error"%s*:') then return "reply" end
end

--- The last line of the step that line `from` belongs to: a request's expected reply is part of it.
function M.step_end(bufnr, from)
  local lines = vim.api.nvim_buf_get_lines(bufnr, from, -1, false)
  local last = from
  for offset, line in ipairs(lines) do
    local what = kind(line)
    if what == "request" then break end
    if what == "reply" then last = from + offset end
  end
  return last
end

--- The first request behind line `from` that is no note, or nil.
function M.next_request(bufnr, from)
  for offset, line in ipairs(vim.api.nvim_buf_get_lines(bufnr, from, -1, false)) do
    if kind(line) == "request" and not line:find('"session.note"', 1, true) then return from + offset end
  end
end

--- A value as JSON, members by name, so that what is written is the same each time.
local function encode(value)
  if type(value) ~= "table" then return vim.json.encode(value) end
  local parts = {}
  if value[1] ~= nil then
    for index, element in ipairs(value) do parts[index] = encode(element) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  local names = vim.tbl_keys(value)
  table.sort(names)
  for index, name in ipairs(names) do
    parts[index] = vim.json.encode(name) .. ":" .. encode(value[name])
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

--- A session file's lines of requests, behind a note.
function M.lines(note, requests)
  local lines = { ('{"jsonrpc":"2.0","method":"session.note","params":{"text":%s}}'):format(vim.json.encode(note)) }
  for id, request in ipairs(requests) do
    table.insert(lines, ('{"jsonrpc":"2.0","id":%d,"method":"%s"%s}'):format(
      id, request.method, request.params and ',"params":' .. encode(request.params) or ""))
  end
  return lines
end

return M
