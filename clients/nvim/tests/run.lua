-- Runs the suites: nvim --headless -u NONE --cmd 'set rtp^=...' -S tests/run.lua, as ../test does. Each is a
-- table of sentences and the functions that check them. Exits with 1 where one does not hold.

local here = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h")
package.path = here .. "/?.lua;" .. package.path

--- Waits for what comes asynchronously; nothing is measured, so the limit is generous.
function _G.eventually(what, condition)
  if not vim.wait(60000, condition, 5) then error("never came: " .. what, 2) end
end

function _G.equal(expected, actual)
  if not vim.deep_equal(expected, actual) then
    error(("expected %s, got %s"):format(vim.inspect(expected), vim.inspect(actual)), 2)
  end
end

function _G.matches(pattern, text)
  if not tostring(text):find(pattern) then error(("expected /%s/ in %s"):format(pattern, vim.inspect(text)), 2) end
end

local count, failures = 0, 0
for _, name in ipairs({ "transport", "commands", "files", "lsp", "recipes", "conformance" }) do
  local suite = require(name)
  local sentences = vim.tbl_keys(suite)
  table.sort(sentences)
  for _, sentence in ipairs(sentences) do
    vim.cmd("silent! %bwipeout!")
    count = count + 1
    local ok, why = xpcall(suite[sentence], debug.traceback)
    if not ok then
      failures = failures + 1
      io.stderr:write(("%s: %s\n  %s\n"):format(name, sentence, why))
    end
  end
end
io.stdout:write(("%d tests, %d failures\n"):format(count, failures))
vim.cmd(failures > 0 and "cquit" or "qall!")
