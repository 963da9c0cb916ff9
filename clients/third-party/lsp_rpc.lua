-- Neovim: vim.lsp.rpc, what its language clients speak with; Content-Length framing.
local server = vim.env.P2MLAB_SERVER
local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
local story = vim.fn.json_decode(vim.fn.readfile(here .. '/story.json'))
local note = 'żółw 🐢'
local progress, exit_code = {}, nil

local dispatchers = {
  notification = function(method, params)
    assert(method == '$/progress')
    table.insert(progress, params)
  end,
  on_error = function(code, err)
    error(vim.inspect({ code, err }))
  end,
  on_exit = function(code)
    exit_code = code
  end,
}
local rpc
if vim.fn.has('nvim-0.10') == 1 then
  rpc = vim.lsp.rpc.start({ server, 'serve' }, dispatchers)
else
  rpc = vim.lsp.rpc.start(server, { 'serve' }, dispatchers)
end

local function request(method, params)
  local done, err, result = false, nil, nil
  assert(rpc.request(method, params, function(e, r)
    done, err, result = true, e, r
  end))
  assert(vim.wait(30000, function()
    return done
  end, 1), 'no reply to ' .. method)
  return result, err
end

local function call(method, params)
  local result, err = request(method, params)
  assert(not err, vim.inspect(err))
  return result
end

local function run()
  local info = call('initialize', { processId = vim.NIL, capabilities = vim.empty_dict() })
  assert(info.serverInfo.name == 'p2mlab')
  rpc.notify('initialized', vim.empty_dict())

  local last
  for _, step in ipairs(story) do
    last = call(step.method, step.params)
  end
  local lost = vim.tbl_filter(function(effect)
    return effect.cause == 'stale-tracking'
  end, last.effects)
  assert(#lost == 1 and lost[1].gfn == '0x38000')
  assert(vim.deep_equal(lost[1].before.page, { kind = 'foreign', domain = 2, gfn = '0x40004' }))
  assert(#last.violations == 1 and last.violations[1].property == 'no-collateral-removal')

  local _, err = request('domain.get', { domain = 9 })
  assert(err.code == -3 and err.data.errno == 'ESRCH', vim.inspect(err))

  rpc.notify('session.note', { text = note })
  local entries = call('history.list').entries
  assert(entries[#entries].params.text == note)

  local compared =
    call('compare.run', { presets = { 'xen-4.16', 'xen-4.17' }, workDoneToken = 't' })
  assert(vim.startswith(compared.firstDifference.path, '/result/effects'))
  assert(#progress > 0 and progress[1].token == 't')

  request('shutdown')
  rpc.notify('exit')
  assert(vim.wait(30000, function()
    return exit_code ~= nil
  end, 1))
  assert(exit_code == 0)
end

local ok, failure = xpcall(run, debug.traceback)
io.stdout:write(ok and 'Neovim vim.lsp.rpc: ok\n' or failure .. '\n')
vim.cmd(ok and 'qall!' or 'cquit!')
