import { html } from 'lit';
import * as z from 'zod/mini';
import { overviewPage } from '../../contract/pages/overview.ts';
import { startPage } from '../kit/page.ts';

startPage({
  contract: overviewPage, view: z.object({}), firstView: {},
  draw: ({ snapshot }) => html`<header class="header"><h1>${snapshot.name}</h1></header>`,
});
