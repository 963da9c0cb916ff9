if vim.g.loaded_p2mlab then return end
vim.g.loaded_p2mlab = true

vim.api.nvim_create_user_command("P2MLab", function(command) require("p2mlab.command").perform(command) end, {
  nargs = "+",
  range = true,
  desc = "Run, step through, explore or compare the p2mlab session in this buffer",
  complete = function(lead, line) return require("p2mlab.command").complete(lead, line) end,
})
