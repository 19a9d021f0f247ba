// What a row of any of our views looks like. Knows nothing of the editor.
import type { CommandId } from './manifest.ts';

/** A codicon, with one of the editor's own colours where the state has one. */
export interface Icon {
  readonly name: string;
  readonly color?: 'testing.iconPassed' | 'testing.iconFailed' | 'problemsWarningIcon.foreground' | 'problemsInfoIcon.foreground';
}

/** How a node is shown. `tokens` are what menus ask for; every one ends in a semicolon there. */
export interface Look {
  readonly label: string;
  readonly description?: string;
  readonly icon?: Icon;
  /** Plain text. */
  readonly tooltip: string;
  /** The whole of it in words. */
  readonly spoken: string;
  readonly fold: 'none' | 'closed' | 'open';
  readonly tokens: readonly string[];
  /** What a click does; it is handed the node. */
  readonly command?: CommandId;
}
