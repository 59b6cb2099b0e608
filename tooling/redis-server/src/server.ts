/** How a server is to be. The same for the imitation and for the real one. */
export interface ServerOptions {
  /** Asked of everybody who connects. */
  readonly password?: string | undefined;
  /** Most bytes of data. */
  readonly maxmemory?: number | undefined;
  /** What happens when they are used up. @defaultValue "noeviction" */
  readonly policy?: "noeviction" | "allkeys-lru" | undefined;
  /** What was answered is there after a kill. @defaultValue false: a restart begins with nothing */
  readonly appendonly?: boolean | undefined;
}

/** What only the real server can be told. */
export interface RealOptions extends ServerOptions {
  /** What is run. @defaultValue what REDIS_SERVER says, or `redis-server` */
  readonly program?: string | undefined;
  /** Further words for its command line. */
  readonly more?: readonly string[] | undefined;
}

/** A server that tests connect to, and kill. */
export interface Server {
  /** What it is, for a report. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly password: string | undefined;
  /** Ends it as SIGKILL does: connections are torn, and nothing is saved that was not. */
  kill(): Promise<void>;
  /** Starts it again where it was, with the data that it kept. */
  restart(): Promise<void>;
  /** Ends it for good, and leaves nothing behind. */
  stop(): Promise<void>;
}

/** Why a server cannot be had here. */
export interface Unavailable {
  readonly unavailable: string;
}
