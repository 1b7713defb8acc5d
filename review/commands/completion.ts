import { type Command, type Option } from "commander";
import { type Shell } from "../shells";

/** A verb as a shell completes it. */
interface CompletedVerb {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  readonly takesBranch: boolean;
  /** What its argument may be, where that is a closed list. */
  readonly choices: readonly string[];
}

interface CompletedOption {
  /** Such as `--wait`. */
  readonly flag: string;
  readonly description: string;
  readonly takesValue: boolean;
}

/** Prints the script that has a shell complete verbs, options and the branches of the checkout. */
export function completion(program: Command, shell: Shell): void {
  console.log(completionScript(program, shell));
}

/** The script for a shell; all that it says of the command comes from the command's own definition. */
export function completionScript(program: Command, shell: Shell): string {
  const verbs = program.commands.map(completedVerb);
  return { bash, zsh, fish }[shell](verbs);
}

function completedVerb(command: Command): CompletedVerb {
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    description: command.description(),
    options: [...command.options.map(completedOption), help],
    takesBranch: argument?.name() === "branch",
    choices: argument?.argChoices ?? [],
  };
}

const help: CompletedOption = {
  flag: "--help",
  description: "say what the command takes",
  takesValue: false,
};

function completedOption({ long, description, required, optional }: Option): CompletedOption {
  return { flag: long ?? "", description, takesValue: required || optional };
}

/** Local branches, one a line; names of branches are data that anybody writes, and no shell may expand them. */
const branches = "git for-each-ref '--format=%(refname:short)' refs/heads 2>/dev/null";

function words(texts: readonly string[]): string {
  return texts.join(" ");
}

function flagsOf({ options }: CompletedVerb): string {
  return words(options.map(({ flag }) => flag));
}

function flagsWithValue({ options }: CompletedVerb): readonly string[] {
  return options.filter(({ takesValue }) => takesValue).map(({ flag }) => flag);
}

/** `compgen -W` expands what it is given, so only words of the command itself get there. */
function bash(verbs: readonly CompletedVerb[]): string {
  const cases = verbs.map((verb) => {
    const { name, choices, takesBranch } = verb;
    return `    ${name}) options="${flagsOf(verb)}" valued=" ${words(flagsWithValue(verb))} " choices="${words(choices)}" branch="${takesBranch ? "yes" : ""}" ;;`;
  });
  return `# For bash: eval "$(review completion bash)"
_review() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} name quoted
  local options="" valued="" choices="" branch=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words(verbs.map(({ name }) => name))}" -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join("\n")}
  esac
  if [[ $valued == *" $before "* ]]; then
    compopt -o default 2>/dev/null
    return
  fi
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
    return
  fi
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
  if [ -n "$branch" ]; then
    while IFS= read -r name; do
      if [[ $name == "$word"* ]]; then
        printf -v quoted %q "$name"
        COMPREPLY+=("$quoted")
      fi
    done < <(${branches})
  fi
}
complete -F _review review`;
}

function zsh(verbs: readonly CompletedVerb[]): string {
  const described = (entries: readonly (readonly [string, string])[]) =>
    words(entries.map(([name, text]) => quoted(`${name}:${text.replaceAll(":", "\\:")}`)));
  const cases = verbs.map((verb) => {
    const { name, options, choices, takesBranch } = verb;
    const flags = described(options.map(({ flag, description }) => [flag, description] as const));
    return `    ${name}) options=(${flags}) valued=(${words(flagsWithValue(verb))}) choices=(${words(choices)}) branch="${takesBranch ? "yes" : ""}" ;;`;
  });
  return `#compdef review
# For zsh, after compinit: eval "$(review completion zsh)"
_review() {
  local -a verbs options valued choices
  local branch=""
  verbs=(${described(verbs.map(({ name, description }) => [name, description] as const))})
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  case $words[2] in
${cases.join("\n")}
  esac
  if (( \${valued[(Ie)$words[CURRENT-1]]} )); then
    _files
  elif [[ $PREFIX == -* ]]; then
    _describe -o option options
  else
    compadd -a choices
    [[ -z $branch ]] || compadd -- \${(f)"$(${branches})"}
  fi
}
compdef _review review`;
}

function fish(verbs: readonly CompletedVerb[]): string {
  const line = (...parts: readonly string[]) => `complete -c review ${words(parts)}`;
  const within = (names: readonly string[]) =>
    `-n ${quoted(`__fish_seen_subcommand_from ${words(names)}`)}`;
  const ofVerb = ({ name, options, choices }: CompletedVerb) => [
    ...options.map(({ flag, description, takesValue }) =>
      line(
        within([name]),
        "-l",
        flag.slice(2),
        ...(takesValue ? ["-rF"] : []),
        "-d",
        quoted(description),
      ),
    ),
    ...(choices.length > 0 ? [line(within([name]), "-a", quoted(words(choices)))] : []),
  ];
  const withBranch = verbs.filter(({ takesBranch }) => takesBranch).map(({ name }) => name);
  return [
    "# For fish: review completion fish | source",
    line("-f"),
    ...verbs.map(({ name, description }) =>
      line("-n", "__fish_use_subcommand", "-a", name, "-d", quoted(description)),
    ),
    ...verbs.flatMap(ofVerb),
    line(within(withBranch), "-a", quoted(`(${branches.replaceAll("'", '"')})`)),
  ].join("\n");
}

/** As shells take it for one word; fish reads `\\` within such quotes, of which there are none. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
