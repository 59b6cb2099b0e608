/** The part of fengari that is used: Lua's C interface, over bytes. */
declare module "fengari" {
  type State = object;
  type Native = (state: State) => number;

  export const lua: {
    readonly LUA_TSTRING: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TTABLE: number;
    readonly LUA_OK: number;
    readonly LUA_REGISTRYINDEX: number;
    lua_gettop(state: State): number;
    lua_settop(state: State, index: number): void;
    lua_type(state: State, index: number): number;
    lua_tolstring(state: State, index: number): Uint8Array;
    lua_tonumber(state: State, index: number): number;
    lua_toboolean(state: State, index: number): boolean;
    lua_pushstring(state: State, bytes: Uint8Array): void;
    lua_pushnumber(state: State, number: number): void;
    lua_pushboolean(state: State, value: boolean): void;
    lua_pushcfunction(state: State, native: Native): void;
    lua_newtable(state: State): void;
    lua_rawgeti(state: State, index: number, at: number): number;
    lua_rawseti(state: State, index: number, at: number): void;
    lua_getfield(state: State, index: number, name: Uint8Array): number;
    lua_setfield(state: State, index: number, name: Uint8Array): void;
    lua_setglobal(state: State, name: Uint8Array): void;
    lua_pcall(state: State, args: number, results: number, handler: number): number;
    lua_error(state: State): never;
  };
  export const lauxlib: {
    luaL_newstate(): State;
    luaL_requiref(state: State, name: Uint8Array, open: Native, global: number): void;
    luaL_loadbuffer(state: State, bytes: Uint8Array, length: number, name: Uint8Array): number;
    luaL_ref(state: State, index: number): number;
  };
  export const lualib: {
    readonly luaopen_base: Native;
    readonly luaopen_table: Native;
    readonly luaopen_string: Native;
    readonly luaopen_math: Native;
  };
}
