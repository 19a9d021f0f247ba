import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

/** A grammar that the extension contributes. */
export interface Contributed {
  readonly language: string;
  readonly scopeName: string;
  readonly path: string;
}

/**
 * Reads texts with our grammars as the editor does, by its own packages.
 *
 * @param root the checkout
 * @param others the text of a grammar of another scope, as JSON; absent where there is none
 * @returns what is what in a text of a language: each word or sign that has a scope of its own, with all its scopes, the innermost last. Blanks are left out
 */
export function grammarReader(root: string, ours: readonly Contributed[], others: (scope: string) => string | undefined): (language: string, text: string) => Promise<readonly { readonly words: string; readonly scopes: readonly string[] }[]> {
  const wasm = createRequire(path.join(root, 'package.json')).resolve('vscode-oniguruma/release/onig.wasm');
  const registry = new textmate.Registry({
    onigLib: oniguruma.loadWASM(fs.readFileSync(wasm)).then(() => ({ createOnigScanner: patterns => new oniguruma.OnigScanner(patterns), createOnigString: text => new oniguruma.OnigString(text) })),
    loadGrammar: async scope => {
      const own = ours.find(({ scopeName }) => scopeName === scope);
      const text = own ? fs.readFileSync(path.join(root, own.path), 'utf8') : others(scope);
      return textmate.parseRawGrammar(text ?? JSON.stringify({ scopeName: scope, patterns: [] }), `${scope}.json`);
    },
  });
  return async (language, text) => {
    const grammar = await registry.loadGrammar(ours.find(each => each.language === language)?.scopeName ?? '');
    if (!grammar) throw new Error(`there is no grammar of ${language}`);
    let stack = textmate.INITIAL;
    return text.split('\n').flatMap(line => {
      const result = grammar.tokenizeLine(line, stack);
      stack = result.ruleStack;
      return result.tokens.map(({ startIndex, endIndex, scopes }) => ({ words: line.slice(startIndex, endIndex).trim(), scopes: scopes.slice(1) })).filter(({ words, scopes: own }) => words !== '' && own.length > 0);
    });
  };
}
