import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Readable } from 'node:stream';
import { withoutAbsent } from '../core/model/outside.ts';
import { messageOf, problemError } from '../core/model/problem.ts';

/** Exit codes of every command. */
export const exitCodes = { done: 0, failed: 1, usage: 2, inPart: 3, cancelled: 130 } as const;

/** What the command line is given of the world. */
export interface World {
  readonly stdin: Readable;
  /** Writes to standard output; resolves when it may go on. */
  readonly out: (text: string) => Promise<void>;
  /** Writes to standard error: progress and messages. */
  readonly say: (text: string) => void;
  /** Columns of the terminal behind standard error; absent when it is none. */
  readonly columns?: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Version of the product. */
  readonly app: string;
  /** Folder that holds `dist` and `node_modules`. */
  readonly packageRoot: string;
  readonly enginePath: string;
  readonly cliPath: string;
  /** Calls the listener at each Ctrl-C; returns how to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

/** The same as commands have it: whatever they write can only be read, not obeyed by a terminal. */
export interface CommandEnvironment extends World {
  /** Draws the terminal's last line anew. Only where there are `columns`. */
  readonly redraw: (line: string) => void;
}

/** Characters that a terminal obeys, and those that turn the order of what follows around: a task or a model may have written them. */
const obeyed = /(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/** A text for output: control characters stand in it as `\\u001b`, which means the same in JSON. */
export const harmless = (text: string): string => text.replace(obeyed, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The environment of commands in a world. */
export const environmentIn = (world: World): CommandEnvironment => ({
  ...world,
  out: text => world.out(harmless(text)),
  say: text => { world.say(harmless(text)); },
  redraw: line => { world.say(`\r\u001B[2K${harmless(line)}`); },
});

/** One option of a command, as `parseArgs` wants it, with what help says of it. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** What stands for the value in help, such as `N`. */
  readonly value?: string;
  readonly help: string;
}

/** What was given on the command line. */
export interface Given {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** A whole number of at least `least`, and at most `most` where that is given. Throws `usage`. */
  count(name: string, least: number, most?: number): number | undefined;
  /** One of the given words. Throws `usage` with the list. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined;
}

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** One line: what it is for. */
  readonly summary: string;
  /** The words after the name, such as `PROJECT FILE…`. */
  readonly usage: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Fewest and most words. */
  readonly positionals: readonly [least: number, most: number];
  /** Longer explanation, after the options. */
  readonly notes?: string;
  /** Returns the exit code. Throws `ProblemError`. */
  readonly run: (given: Given, environment: CommandEnvironment) => Promise<number>;
}

const common: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean', help: 'print one JSON object on standard output, for programs' },
  help: { type: 'boolean', short: 'h', help: 'print this' },
};

/** The text of `--help`. */
export function helpOf(command: Command): string {
  const rows = Object.entries({ ...command.options, ...common }).map(([name, option]) => [`  --${name}${option.value === undefined ? '' : ` ${option.value}`}`, option.help] as const);
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const options = rows.map(([left, help]) => `${left.padEnd(width)}${help}`).join('\n');
  return `${`regenesis ${command.name} ${command.usage}`.trimEnd()}\n\n${command.summary}\n\n${options}\n${command.notes === undefined ? '' : `\n${command.notes}\n`}`;
}

/** Reads the words after a command's name. Throws `usage` for an unknown option, a missing value, too many or too few words. */
export function readGiven(command: Command, argv: readonly string[]): Given {
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(Object.entries({ ...command.options, ...common })
    .map(([name, { type, multiple, short }]) => [name, { type, ...withoutAbsent({ multiple, short }) }]));
  const parsed = parse(command, argv, options);
  const values: Readonly<Record<string, unknown>> = parsed.values;
  const [least, most] = command.positionals;
  const count = parsed.positionals.length;
  if (values['help'] !== true && (count < least || count > most)) {
    throw problemError('usage', `${count < least ? 'Something is missing' : `"${parsed.positionals[most] ?? ''}" is too much`}: regenesis ${command.name} ${command.usage}. See regenesis ${command.name} --help.`);
  }
  return givenOf(command, parsed.positionals, values);
}

function parse(command: Command, argv: readonly string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    const [reason] = messageOf(thrown).split(/\.\s/);
    throw problemError('usage', `${reason}. See regenesis ${command.name} --help.`, { cause: thrown });
  }
}

function givenOf(command: Command, positionals: readonly string[], values: Readonly<Record<string, unknown>>): Given {
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals,
    text,
    texts: name => {
      const value = values[name];
      return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
    },
    flag: name => values[name] === true,
    count: (name, least, most) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (/^\d+$/.test(value) && number >= least && number <= (most ?? Number.MAX_SAFE_INTEGER)) return number;
      const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
      throw problemError('usage', `--${name} takes a whole number ${range}, not ${value}. See regenesis ${command.name} --help.`);
    },
    word: (name, words) => {
      const value = text(name);
      const known = words.find(word => word === value);
      if (value === undefined || known !== undefined) return known;
      throw problemError('usage', `--${name} is one of ${words.join(', ')}, not ${value}.`);
    },
  };
}
