import { createHash } from "node:crypto";
import { lauxlib, lua, lualib, type State } from "fengari";
import { Refusal, type Reply } from "../protocol/reply.ts";
import { push, toReply } from "./convert.ts";

/** Runs one command for a script. @throws Refusal */
export type Call = (words: Buffer[]) => Reply;

const LIBRARIES = {
  _G: lualib.luaopen_base,
  table: lualib.luaopen_table,
  string: lualib.luaopen_string,
  math: lualib.luaopen_math,
};

/** The language of the real server is Lua 5.1, and its scripts make no globals. */
const PRELUDE = `
unpack = table.unpack
table.unpack = nil
local function refuse(_, name) error('Script attempted to access nonexistent global variable ' .. tostring(name), 2) end
setmetatable(_G, {__index = refuse, __newindex = refuse})
`;

/** The scripts that a server knows, and the machine that runs them. */
export class Scripts {
  readonly #state: State = lauxlib.luaL_newstate();
  readonly #known = new Map<string, number>();
  #call: Call = () => null;

  constructor() {
    for (const [name, open] of Object.entries(LIBRARIES)) {
      lauxlib.luaL_requiref(this.#state, Buffer.from(name), open, 1);
      lua.lua_settop(this.#state, 0);
    }
    lua.lua_newtable(this.#state);
    this.#native("call", true);
    this.#native("pcall", false);
    lua.lua_setglobal(this.#state, Buffer.from("redis"));
    for (const name of ["KEYS", "ARGV"]) this.#words(name, []);
    this.load(Buffer.from(PRELUDE));
    this.#execute(digestOf(Buffer.from(PRELUDE)));
    this.forget();
  }

  /** Takes a script. @returns what it is called by @throws Refusal */
  load(text: Buffer): string {
    const digest = digestOf(text);
    if (this.#known.has(digest)) return digest;
    const bytes = new Uint8Array(text);
    const status = lauxlib.luaL_loadbuffer(this.#state, bytes, bytes.length, Buffer.from("@user_script"));
    if (status !== lua.LUA_OK) throw new Refusal(`ERR Error compiling script (new function): ${this.#problem()}`);
    this.#known.set(digest, lauxlib.luaL_ref(this.#state, lua.LUA_REGISTRYINDEX));
    return digest;
  }

  has(digest: string): boolean {
    return this.#known.has(digest.toLowerCase());
  }

  forget(): void {
    this.#known.clear();
  }

  /** Runs a script that is known. */
  run(digest: string, keys: readonly Buffer[], args: readonly Buffer[], call: Call): Reply {
    this.#call = call;
    this.#words("KEYS", keys);
    this.#words("ARGV", args);
    return this.#execute(digest.toLowerCase());
  }

  #execute(digest: string): Reply {
    lua.lua_rawgeti(this.#state, lua.LUA_REGISTRYINDEX, this.#known.get(digest) ?? 0);
    const status = lua.lua_pcall(this.#state, 0, 1, 0);
    const isText = lua.lua_type(this.#state, -1) === lua.LUA_TSTRING;
    const reply = toReply(this.#state, -1);
    lua.lua_settop(this.#state, 0);
    const where = `script: ${digest}, on @user_script:1.`;
    if (status === lua.LUA_OK) return reply;
    if (reply instanceof Refusal) return new Refusal(`${reply.message} ${where}`);
    return new Refusal(
      `ERR ${isText && reply instanceof Uint8Array ? Buffer.from(reply).toString() : "unknown"} ${where}`,
    );
  }

  #problem(): string {
    const text = Buffer.from(lua.lua_tolstring(this.#state, -1)).toString();
    lua.lua_settop(this.#state, 0);
    return text;
  }

  #words(name: string, words: readonly Buffer[]): void {
    push(this.#state, words);
    lua.lua_setglobal(this.#state, Buffer.from(name));
  }

  /** Puts a function into the table on top. @param raises - whether what is refused ends the script */
  #native(name: string, raises: boolean): void {
    lua.lua_pushcfunction(this.#state, (state) => {
      const reply = this.#answer(state);
      push(state, reply);
      return raises && reply instanceof Refusal ? lua.lua_error(state) : 1;
    });
    lua.lua_setfield(this.#state, 1, Buffer.from(name));
  }

  #answer(state: State): Reply {
    try {
      return this.#call(wordsOf(state));
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }
}

function wordsOf(state: State): Buffer[] {
  return Array.from({ length: lua.lua_gettop(state) }, (_, at) => {
    const type = lua.lua_type(state, at + 1);
    if (type === lua.LUA_TNUMBER) return Buffer.from(String(lua.lua_tonumber(state, at + 1)));
    if (type === lua.LUA_TSTRING) return Buffer.from(lua.lua_tolstring(state, at + 1));
    throw new Refusal("ERR Lua redis lib command arguments must be strings or integers");
  });
}

function digestOf(text: Buffer): string {
  return createHash("sha1").update(text).digest("hex");
}
