import DOMPurify from 'dompurify';
import { markdownHtml } from './markdownHtml.ts';

/** What is left of Markdown that a model wrote: elements of plain prose, without any attribute but the number of an item. */
const allowed = ['p', 'br', 'hr', 'em', 'strong', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'];

/** Markdown of a model as nodes to be put into the page: the only way from a text to elements. @param text with what cannot be seen written out */
export function renderMarkdown(text: string): DocumentFragment {
  const html = markdownHtml(text);
  return html === undefined ? asWritten(text) : DOMPurify.sanitize(html, { ALLOWED_TAGS: allowed, ALLOWED_ATTR: ['value'], RETURN_DOM_FRAGMENT: true });
}

function asWritten(text: string): DocumentFragment {
  const [nodes, place] = [document.createDocumentFragment(), document.createElement('div')];
  place.className = 'text';
  place.append(text);
  nodes.append(place);
  return nodes;
}
