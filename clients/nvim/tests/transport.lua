local Server = require("p2mlab.server")
local project = require("project")

local function shell(script)
  return assert(Server.start({ "sh", "-c", script }))
end

--- What a request is answered, error and result.
local function ask(server, method, params)
  local err, result, done
  server:request(method, params, function(...)
    err, result = ...
    done = true
  end)
  eventually(method, function() return done end)
  return err, result
end

local T = {}

T["a missing program is told in one sentence"] = function()
  local server, why = Server.start({ "/nowhere/p2mlab", "serve" })
  equal(nil, server)
  matches("^'/nowhere/p2mlab' is not executable; set 'command'", why)
end

T["replies find their requests"] = function()
  local server = assert(Server.start({ project.program, "serve" }))
  local seen = {}
  for _, name in ipairs({ "a", "b", "c" }) do
    server:request("machine.get", { machine = name }, function(err) seen[name] = err.message end)
  end
  local _, info = ask(server, "server.info")
  equal("p2mlab", info.name)
  for name, message in pairs(seen) do matches("'" .. name .. "'", message) end
  server:stop()
end

T["a message may come in pieces, and several at once"] = function()
  local got = {}
  local server = setmetatable({ waiting = {}, parts = {} }, Server)
  for id = 1, 3 do server.waiting[id] = function(_, result) table.insert(got, result) end end
  for _, data in ipairs({ { '{"id":1,"re' }, { 'sult":"one"}', '{"id":2,"result":"two"}', '{"id"' }, { ':3,"result":"three"}', "" } }) do
    server:receive(data)
  end
  equal({ "one", "two", "three" }, got)
end

T["a server that dies answers everything at once, with its exit code and last words"] = function()
  local server = shell("read line; echo 'first' >&2; echo 'out of luck' >&2; exit 7")
  local said = {}
  for _ = 1, 2 do server:request("server.info", nil, function(err) table.insert(said, err.message) end) end
  eventually("both errors", function() return #said == 2 end)
  equal({ "the server ended with exit code 7: out of luck", said[1] }, said)
  local err = ask(server, "server.info")
  equal(said[1], err.message)
end

T["what is not JSON fails what waits"] = function()
  local server = shell("read line; echo nonsense; cat > /dev/null")
  matches("is not JSON: nonsense", ask(server, "server.info").message)
  server:stop()
end

T["a request that could not be read fails what waits"] = function()
  local server = assert(Server.start({ project.program, "serve", "--max-message", "1024" }))
  matches("1024", ask(server, "session.run", { session = ("x"):rep(4096) }).message)
  server:stop()
end

T["a request that is cancelled says so, and its progress is told before"] = function()
  local percentages = {}
  local server
  server = assert(Server.start({ project.program, "serve" }, function(token, percentage)
    equal("large", token)
    table.insert(percentages, percentage)
    server:cancel(1)
  end))
  local err = ask(server, "explore.run",
    { preset = "xen-4.17", gfns = 14, frames = 10, foreignPages = 10, workDoneToken = "large",
      properties = { "no-collateral-removal" } })
  equal(-32800, err.code)
  assert(#percentages > 0)
  server:stop()
end

T["vim.lsp.rpc drives the server unmodified"] = function()
  local client
  if vim.fn.has("nvim-0.10") == 1 then
    client = vim.lsp.rpc.start({ project.program, "serve" })
  else -- The program, its arguments.
    client = vim.lsp.rpc.start(project.program, { "serve" })
  end
  assert(client)
  local result
  client.request("server.info", vim.empty_dict(), function(_, found) result = found end)
  eventually("server.info", function() return result end)
  equal("p2mlab", result.name)
  local err
  client.request("machine.get", { machine = "nobody" }, function(found) err = found end)
  eventually("an error", function() return err end)
  equal(1001, err.code)
  if client.terminate then client.terminate() else vim.loop.kill(client.pid, 15) end
end

return T
