import type { Disposable } from '../lifetime.ts';

interface Page {
  readonly project: string;
  readonly job: number;
  readonly isVisible: () => boolean;
}

/** The jobs whose pages are on screen: nobody has to be told of what they see. */
export class JobsOnScreen {
  readonly #pages = new Set<Page>();

  /** A page is there. What it is handed back ends that. */
  add(page: Page): Disposable {
    this.#pages.add(page);
    return { dispose: () => this.#pages.delete(page) };
  }

  has(project: string, job: number): boolean {
    return [...this.#pages].some(page => page.project === project && page.job === job && page.isVisible());
  }
}
