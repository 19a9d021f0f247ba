import DOMPurify from 'dompurify';
import markdownIt from 'markdown-it';
import { visible } from '../../client/words.ts';

/** HTML in a text stays text; links and pictures are not made, since a page has nowhere to go and loads nothing. */
const reader = markdownIt({ html: false, linkify: false }).disable(['link', 'image', 'autolink', 'reference']);

/** What is left of Markdown that a model wrote: elements of plain prose, without any attribute. */
const allowed = ['p', 'br', 'hr', 'em', 'strong', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'];

/** Markdown of a model as nodes to be put into the page: the only way from a text to elements. */
export const renderMarkdown = (text: string): DocumentFragment => renderVisible(visible(text));

/** The same of a text that has been made visible. */
export const renderVisible = (text: string): DocumentFragment => DOMPurify.sanitize(reader.render(text), { ALLOWED_TAGS: allowed, ALLOWED_ATTR: [], RETURN_DOM_FRAGMENT: true });
