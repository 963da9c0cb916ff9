-- The protocol's sessions, through the plugin's own transport.

local Server = require("p2mlab.server")
local project = require("project")

-- Before Neovim 0.10 there is no islist.
local is_list = vim.islist or vim.tbl_islist

--- Where a reply is not as expected, which may be partial; numbers compare as Lua has them.
local function difference(expected, actual, path)
  if expected == vim.NIL then expected = nil end
  if actual == vim.NIL then actual = nil end
  if type(expected) ~= "table" or type(actual) ~= "table" then
    return not vim.deep_equal(expected, actual)
      and ("%s: expected %s, got %s"):format(path, vim.inspect(expected), vim.inspect(actual)) or nil
  end
  if is_list(expected) and #expected ~= #actual then return path .. ": another length" end
  for name, value in pairs(expected) do
    local found = difference(value, actual[name], path .. "/" .. name)
    if found then return found end
  end
end

--- Lua's numbers are doubles, and its JSON has 14 digits of them: other requests are sent for these. The
--- plugin itself sends no number but counts.
local function is_unsayable(line)
  return line:find("[:%[,]%-?%d+%.%d") or line:find("[:%[,]%-?" .. ("%d"):rep(15))
end

--- Plays a session's requests on a server of its own.
local function play(file)
  local server = assert(Server.start({ project.program, "serve" }))
  local expected, got, sent, unsayable = {}, {}, 0, {}
  local function take(message, line)
    if message.method and message.id ~= nil then
      sent = sent + 1
      local index = sent
      unsayable[index] = is_unsayable(line)
      server:request(message.method, message.params, function(err, result)
        got[index] = { error = err, result = result }
      end)
    elseif message.method then
      server:notify(message.method, message.params)
    elseif message.id ~= nil then
      table.insert(expected, { error = message.error, result = message.result })
    end
  end
  -- The transport sends no batches; their messages come one by one.
  for _, line in ipairs(vim.fn.readfile(file)) do
    local message = vim.json.decode(line)
    for _, each in ipairs(message[1] and message or { message }) do take(each, line) end
  end
  eventually(file, function() return vim.tbl_count(got) == sent end)
  server:stop()
  equal(sent, #expected)
  for index, reply in ipairs(expected) do
    local found = not unsayable[index] and difference(reply, got[index], "reply " .. index)
    if found then error(found, 0) end
  end
end

local T = {}
for _, file in ipairs(vim.fn.glob(project.root .. "/protocol/conformance/*.ndjson", true, true)) do
  T[vim.fn.fnamemodify(file, ":t")] = function() play(file) end
end
return T
