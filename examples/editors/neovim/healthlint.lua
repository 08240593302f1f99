-- Neovim 0.11 or newer: ~/.config/nvim/lsp/healthlint.lua
return {
  cmd = { "healthlint", "server" },
  filetypes = { "markdown", "mdx", "html", "php", "rst", "text" },
  root_markers = { ".healthlint.yaml", "pyproject.toml", ".git" },
}
