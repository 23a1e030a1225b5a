-- Run by Neovim inside a test: everything that a person would do, written down as JSON.
local function wait(what, condition)
  if not vim.wait(60000, condition, 20) then
    io.stderr:write("nothing came of: " .. what .. "\n")
    vim.cmd("cquit")
  end
end

local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({
  name = "aimctl",
  cmd = { vim.env.AIMCTL, "lsp" },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(buffer, client)

local seen = {}
local function errors()
  return vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR })
end
wait("findings", function() return #errors() > 0 end)
seen.codes = vim.tbl_map(function(finding) return finding.code end, vim.diagnostic.get(buffer))
seen.severity = errors()[1].severity

local function ask(method, line, character, more)
  local params = vim.tbl_extend("force", {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    position = { line = line, character = character },
  }, more or {})
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 60000)
  return answers[client].result
end
seen.hover = ask("textDocument/hover", 8, 4).contents.value
seen.fields = vim.tbl_map(function(item) return item.label end, ask("textDocument/completion", 8, 2))

local point = { line = 7, character = 4 }
local actions = ask("textDocument/codeAction", 7, 4, {
  range = { start = point, ["end"] = point },
  context = { diagnostics = {} },
})
vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
wait("the mended text", function() return #errors() == 0 end)
seen.after = errors()
if #seen.after == 0 then seen.after = vim.empty_dict() end
vim.cmd("write")

local file = assert(io.open("seen.json", "w"))
file:write((vim.fn.json_encode(seen):gsub('"after": {}', '"after": []')))
file:close()
vim.cmd("qall!")
