import { lua, type State } from "fengari";
import { Fields, Refusal, type Reply, Status } from "../protocol/reply.ts";

const { LUA_TBOOLEAN, LUA_TNUMBER, LUA_TSTRING, LUA_TTABLE } = lua;
const name = (text: string) => Buffer.from(text);

/** A reply as a script sees it: nothing is false, a status and an error are tables. */
export function push(state: State, reply: Reply): void {
  if (reply === null) lua.lua_pushboolean(state, false);
  else if (typeof reply === "number") lua.lua_pushnumber(state, reply);
  else if (typeof reply === "string") lua.lua_pushstring(state, Buffer.from(reply));
  else if (reply instanceof Uint8Array) lua.lua_pushstring(state, new Uint8Array(reply));
  else if (reply instanceof Status) pushTable(state, "ok", reply.text);
  else if (reply instanceof Refusal) pushTable(state, "err", reply.message);
  else if (reply instanceof Fields) throw new Error("no command that a script may call answers that");
  else {
    lua.lua_newtable(state);
    for (const [at, each] of reply.entries()) {
      push(state, each);
      lua.lua_rawseti(state, -2, at + 1);
    }
  }
}

function pushTable(state: State, field: string, text: string): void {
  lua.lua_newtable(state);
  lua.lua_pushstring(state, Buffer.from(text));
  lua.lua_setfield(state, -2, name(field));
}

/** What a script answers, as the server says it: numbers lose their fraction, lists end where nothing is. */
export function toReply(state: State, index: number): Reply {
  const type = lua.lua_type(state, index);
  if (type === LUA_TSTRING) return Buffer.from(lua.lua_tolstring(state, index));
  if (type === LUA_TNUMBER) return Math.trunc(lua.lua_tonumber(state, index));
  if (type === LUA_TBOOLEAN) return lua.lua_toboolean(state, index) ? 1 : null;
  if (type !== LUA_TTABLE) return null;
  const error = fieldOf(state, index, "err");
  if (error !== undefined) return new Refusal(error);
  const status = fieldOf(state, index, "ok");
  return status === undefined ? listOf(state, index) : new Status(status);
}

function fieldOf(state: State, index: number, field: string): string | undefined {
  const top = lua.lua_gettop(state);
  lua.lua_getfield(state, index, name(field));
  const isText = lua.lua_type(state, -1) === LUA_TSTRING;
  const text = isText ? Buffer.from(lua.lua_tolstring(state, -1)).toString() : undefined;
  lua.lua_settop(state, top);
  return text;
}

function listOf(state: State, index: number): Reply[] {
  const table = index < 0 ? lua.lua_gettop(state) + 1 + index : index;
  const list: Reply[] = [];
  for (;;) {
    const top = lua.lua_gettop(state);
    lua.lua_rawgeti(state, table, list.length + 1);
    const isEnd = lua.lua_type(state, -1) <= 0;
    if (!isEnd) list.push(toReply(state, -1));
    lua.lua_settop(state, top);
    if (isEnd) return list;
  }
}
