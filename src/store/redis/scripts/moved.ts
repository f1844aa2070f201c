/**
 * Lua: the field `moved` of an authorization: when it moved last, and the mark of the command that moved it. One field for
 * both, since another one would take a hash out of the smallest piece of memory that holds it.
 */
export const MOVED = `
local function write_moved(at, mark) return at .. ' ' .. mark end
local function read_moved(text)
  local at, mark = string.match(text, '^(%d+) (.*)$')
  return tonumber(at), mark
end
`
