/** What the exit code of a command says. */
export const EXIT = {
  /** Done, or a hit. */
  ok: 0,
  /** Nothing is there under that name. */
  miss: 1,
  /** Usage, configuration or a key is wrong. */
  usage: 2,
  /** Something stored was rejected or is damaged. */
  rejected: 3,
  /** The store could not do its work. */
  store: 4,
  /** A fault of this program (EX_SOFTWARE of sysexits). */
  internal: 70,
} as const;
