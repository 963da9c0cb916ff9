--- `p2mlab serve` as a job that speaks JSON-RPC, one message a line. Nothing here waits.

local Server = {}
Server.__index = Server

--- Bytes of stderr that are kept, for the sentence that says why a server ended.
local STDERR_LIMIT = 2048

--- Starts a server.
--- @param command string[] the program and its arguments
--- @param on_progress function|nil called with a request's id and a percentage
--- @return table|nil server
--- @return string|nil why there is none
function Server.start(command, on_progress)
  if vim.fn.executable(command[1]) == 0 then
    return nil, ("'%s' is not executable; set 'command' in require('p2mlab').setup{}"):format(command[1])
  end
  local self = setmetatable(
    { next_id = 1, waiting = {}, parts = {}, stderr = "", on_progress = on_progress }, Server)
  self.job = vim.fn.jobstart(command, {
    on_stdout = function(_, data) self:receive(data) end,
    on_stderr = function(_, data)
      self.stderr = (self.stderr .. table.concat(data, "\n")):sub(-STDERR_LIMIT)
    end,
    on_exit = function(_, code) self:ended(code) end,
  })
  return self
end

--- Sends a request.
--- @param method string
--- @param params table|nil
--- @param callback function called once, with an error (code, message, data) or nil, and the result
--- @return integer the id, by which it can be cancelled
function Server:request(method, params, callback)
  local id = self.next_id
  self.next_id = id + 1
  self.waiting[id] = callback
  if not self:send({ jsonrpc = "2.0", id = id, method = method, params = params }) then
    self.waiting[id] = nil
    callback({ message = self:epitaph() })
  end
  return id
end

--- Sends a notification.
function Server:notify(method, params)
  self:send({ jsonrpc = "2.0", method = method, params = params })
end

--- Tells the server that nobody wants the reply; it is answered all the same, with -32800.
function Server:cancel(id)
  if self.waiting[id] then self:notify("$/cancelRequest", { id = id }) end
end

--- Ends the server; what waits for it is told.
function Server:stop()
  vim.fn.jobstop(self.job)
end

--- Whether it takes requests.
function Server:is_alive()
  return self.exit_code == nil
end

function Server:send(message)
  return self:is_alive() and pcall(vim.fn.chansend, self.job, vim.json.encode(message) .. "\n")
end

--- Takes what a job gives: pieces between line feeds, of which the first goes on where the last ended.
function Server:receive(data)
  table.insert(self.parts, data[1])
  for index = 2, #data do
    local line = table.concat(self.parts)
    self.parts = { data[index] }
    if line ~= "" then self:take(line) end
  end
end

function Server:take(line)
  local ok, message = pcall(vim.json.decode, line, { luanil = { object = true } })
  if not ok then return self:fail({ message = "the server's reply is not JSON: " .. line:sub(1, 80) }) end
  if message.method == "$/progress" then
    local percentage = message.params.value.percentage
    if self.on_progress and percentage then self.on_progress(message.params.token, percentage) end
  elseif message.id then
    local callback = self.waiting[message.id]
    self.waiting[message.id] = nil
    if callback then callback(message.error, message.result) end
  elseif message.error then -- A request that could not even be read has no id.
    self:fail(message.error)
  end
end

function Server:ended(code)
  self.exit_code = code
  self:fail({ message = self:epitaph() })
end

function Server:epitaph()
  local last = vim.trim(self.stderr):match("[^\n]*$")
  return ("the server ended with exit code %s%s"):format(self.exit_code, last ~= "" and ": " .. last or "")
end

--- Answers everything that waits.
function Server:fail(err)
  local waiting = self.waiting
  self.waiting = {}
  for _, callback in pairs(waiting) do callback(err) end
end

return Server
