import { UsageError } from "./usage-error.ts";

/** A command, as completion sees it. */
export interface Word {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly { readonly name: string; readonly help: string }[];
  /** Words that its first argument is one of. */
  readonly arguments: readonly string[];
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const optionsOf = ({ options }: Word): string => options.map(({ name }) => name).join(" ");

function bash(words: readonly Word[]): string {
  const cases = words.map(
    (word) => `    ${word.name}) options=${quoted(optionsOf(word))}; arguments=${quoted(word.arguments.join(" "))} ;;`,
  );
  return `_cache_completion() {
  local current=\${COMP_WORDS[COMP_CWORD]} options='' arguments=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted(`${words.map(({ name }) => name).join(" ")} --help --version`)} -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join("\n")}
  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) [ "$COMP_CWORD" -eq 2 ] && [ -n "$arguments" ] && COMPREPLY=($(compgen -W "$arguments" -- "$current")) ;;
  esac
}
complete -o default -F _cache_completion cache
`;
}

function zsh(words: readonly Word[]): string {
  const names = words.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = words.map((word) => `    ${word.name}) choices=(${word.arguments.join(" ")} ${optionsOf(word)}) ;;`);
  return `#compdef cache
_cache() {
  local -a commands choices
  commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${cases.join("\n")}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    compadd -- $choices
  else
    compadd -- \${choices:#-*}
    _files
  fi
}
compdef _cache cache
`;
}

function fish(words: readonly Word[]): string {
  const lines = words.flatMap((word) => {
    const inside = quoted(`__fish_seen_subcommand_from ${word.name}`);
    return [
      `complete -c cache -n __fish_use_subcommand -f -a ${word.name} -d ${quoted(word.summary)}`,
      ...word.arguments.map((each) => `complete -c cache -n ${inside} -f -a ${each}`),
      ...word.options.map(({ name, help }) => `complete -c cache -n ${inside} -l ${name.slice(2)} -d ${quoted(help)}`),
    ];
  });
  return `${lines.join("\n")}\n`;
}

/** The completion script of a shell. @throws UsageError for a shell that is not known */
export function scriptFor(shell: string | undefined, words: readonly Word[]): string {
  if (shell === "bash") return bash(words);
  if (shell === "zsh") return zsh(words);
  if (shell === "fish") return fish(words);
  throw new UsageError("the shell is bash, zsh or fish");
}
