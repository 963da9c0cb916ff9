-- Neovim's built-in client drives the language server: nvim --headless -u NONE -c 'luafile neovim.lua'
-- P2MLAB_SERVER is the program. Ends with exit code 0, or tells what failed and ends with 1.

local failures = 0

local function check(what, condition)
  io.stderr:write(string.format('%s %s\n', condition and 'ok' or 'FAILED', what))
  if not condition then failures = failures + 1 end
end

local seconds = 1000
local patience = 60 * seconds

-- Waits until something holds; Neovim serves the language server meanwhile.
local function eventually(what, condition)
  check(what, (vim.wait(patience, condition, 10)))
end

local story = {
  '{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1,"privileged":true}}',
  '{"jsonrpc":"2.0","method":"session.note","params":{"text":"😀 und é"}}',
  '{"jsonrpc":"2.0","id":2,"method":"domain.create","params":{"domain":2,"ram":[{"gfn":"0x40000","pages":4}]}}',
  '{"jsonrpc":"2.0","id":3,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x38000"}}',
  '{"jsonrpc":"2.0","id":4,"method":"physmap.unmap","params":{"domain":1,"gfn":"0x38000"}}',
  '{"jsonrpc":"2.0","id":5,"method":"foreignPage.map","params":{"domain":1,"gfn":"0x38000","from":{"domain":2,"gfn":"0x40001"}}}',
  '{"jsonrpc":"2.0","id":6,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x38010"}}',
}

local function run()
  local path = vim.fn.tempname() .. '.p2m.ndjson'
  vim.fn.writefile(story, path)
  vim.cmd('edit ' .. path)
  local exit_code
  local client = vim.lsp.start_client({
    name = 'p2mlab',
    cmd = { os.getenv('P2MLAB_SERVER'), 'lsp' },
    root_dir = vim.fn.fnamemodify(path, ':h'),
    get_language_id = function() return 'p2mlab' end,
    on_exit = function(code) exit_code = code end,
  })
  check('the server starts', client ~= nil)
  vim.lsp.buf_attach_client(0, client)
  -- What both have agreed on: newer releases of Neovim offer more than UTF-16.
  local function encoding() return vim.lsp.get_client_by_id(client).offset_encoding end
  local bufnr = vim.api.nvim_get_current_buf() -- Neovim 0.11 edits no buffer 0.

  local function kinds()
    return vim.tbl_map(function(d)
      return (d.lnum + 1) .. ' ' .. d.user_data.lsp.code
    end, vim.diagnostic.get(0))
  end
  local function shows(...)
    local wanted = { ... }
    return function() return vim.deep_equal(kinds(), wanted) end
  end
  local function at(line, text, offset)
    local from = vim.fn.getline(line):find(text, 1, true)
    vim.api.nvim_win_set_cursor(0, { line, from - 1 + (offset or 0) })
    return vim.lsp.util.make_position_params(0, encoding())
  end
  local function ask(method, params)
    local answers = vim.lsp.buf_request_sync(0, method, params, patience)
    return answers and answers[client] and answers[client].result
  end

  eventually('violations are shown', shows('5 tracking-agrees', '7 no-collateral-removal'))

  local hover = ask('textDocument/hover', at(5, 'physmap.unmap', 1))
  check('hover tells the state after the line', hover and
    hover.contents.value:find('tracked at 0x38000, mapped nowhere', 1, true) ~= nil)

  local definition = ask('textDocument/definition', at(5, '0x38000', 1))
  check('an unmap leads to the map that it undoes', definition and definition.range.start.line == 3)

  -- Neovim finds out itself what has changed, and tells that in its own way.
  vim.fn.setline(5, (vim.fn.getline(5):gsub('"gfn"', '"gfm"')))
  eventually('a mistake is shown', function()
    local found = vim.diagnostic.get(0)[1]
    return kinds()[1] == '5 request' and found.col == found.end_col - #'"gfm"'
  end)
  vim.cmd('silent undo')
  eventually('and undone', shows('5 tracking-agrees', '7 no-collateral-removal'))
  vim.fn.append(1, { '', '{"jsonrpc":"2.0","method":"session.note","params":{"text":"äöü 😀","x":1}' })
  eventually('a line that is no message is shown', shows(
    '3 syntax', '7 tracking-agrees', '9 no-collateral-removal'))
  vim.fn.setline(3, (vim.fn.getline(3):gsub(',"x":1}', '}}')))
  eventually('and put right', shows('7 tracking-agrees', '9 no-collateral-removal'))
  vim.cmd('silent 2,3delete')

  local line = vim.fn.line('$')
  vim.fn.append(line, '{"jsonrpc":"2.0","id":7,"method":"physmap.query","params":{"domain":1,"gfn":""}}')
  local params = at(line + 1, '""', 1)
  local completion = ask('textDocument/completion', params)
  local words = vim.tbl_map(function(item) return item.label end, completion.items)
  check('GFNs in use are completed', vim.tbl_contains(words, '0x38010'))
  vim.lsp.util.apply_text_edits({ completion.items[1].textEdit }, bufnr, encoding())
  check('the completion is put in place',
    vim.fn.getline(line + 1):find('"gfn":"' .. words[1] .. '"', 1, true) ~= nil)

  local actions = ask('textDocument/codeAction', {
    textDocument = vim.lsp.util.make_text_document_params(),
    range = { start = { line = line, character = 0 }, ['end'] = { line = line, character = 0 } },
    context = { diagnostics = {} },
  })
  local insert = vim.tbl_filter(function(a) return a.title:find('^Insert the reply') end, actions)[1]
  vim.lsp.util.apply_workspace_edit(insert.edit, encoding())
  check('the reply is inserted', vim.fn.getline(line + 2):find('"id":7,"result"', 1, true) ~= nil)

  -- Executed by the server, which has Neovim make a new file beside.
  local shrink = {
    command = 'p2mlab.shrink',
    arguments = { { uri = vim.uri_from_bufnr(0), property = 'no-collateral-removal' } },
  }
  ask('workspace/executeCommand', shrink)
  local shrunk = vim.fn.bufnr((path:gsub('%.p2m%.ndjson$', '.shrunk.p2m.ndjson')))
  check('a session is shrunk to a new one', shrunk > 0 and
    vim.api.nvim_buf_line_count(shrunk) > 6)
  -- Releases of Neovim that can show a document are asked to.
  if vim.lsp.protocol.make_client_capabilities().window.showDocument.support then
    eventually('which is shown', function() return vim.api.nvim_get_current_buf() == shrunk end)
    vim.api.nvim_set_current_buf(bufnr)
  end

  vim.fn.setline(1, ' { "method" : "server.info" , "jsonrpc":"2.0","id":9 }')
  local edits = ask('textDocument/formatting', {
    textDocument = vim.lsp.util.make_text_document_params(),
    options = { tabSize = 2, insertSpaces = true },
  })
  vim.lsp.util.apply_text_edits(edits, bufnr, encoding())
  check('a message is formatted',
    vim.fn.getline(1) == '{"jsonrpc":"2.0","id":9,"method":"server.info"}')

  vim.lsp.stop_client(client)
  eventually('the server ends when it is told to', function() return exit_code == 0 end)
end

local ok, problem = xpcall(run, debug.traceback)
check('the test runs to its end' .. (ok and '' or ': ' .. tostring(problem)), ok)
vim.cmd(failures == 0 and 'qall!' or 'cquit 1')
