import assert from 'node:assert/strict';
import { newNonce, pageHtml } from '../../../../src/host/pages/pageHtml.ts';

const frame = { title: 'tasks', nonce: 'abc', source: 'https://*.example', script: 'https://x.example/a.js', style: 'https://x.example/a.css' };

describe('the frame of a page', () => {
  it('allows nothing but its own script, style and font', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(pageHtml(frame))?.[1]?.replaceAll('&#39;', "'");
    assert.equal(policy, "default-src 'none'; script-src 'nonce-abc'; style-src 'nonce-abc'; font-src https://*.example");
  });

  it('gives its script and its style the nonce, and has no text that could run', () => {
    const html = pageHtml(frame);
    assert.match(html, /<script defer nonce="abc" src="https:\/\/x\.example\/a\.js"><\/script>/);
    assert.match(html, /<link rel="stylesheet" nonce="abc" href="https:\/\/x\.example\/a\.css">/);
    assert.equal(html.match(/<script|<style| style=| on\w+=/g)?.length, 1);
  });

  it('names its language and itself, and has a place for content', () => {
    assert.match(pageHtml(frame), /<html lang="en">[\s\S]*<title>tasks<\/title>[\s\S]*<main id="page" aria-label="tasks"><\/main>/);
  });

  it('takes names of somebody else for names', () => {
    const html = pageHtml({ ...frame, title: '"><script>alert(1)</script>', address: { project: "'/><img onerror=x>" } });
    assert.equal(html.match(/<script|<img/g)?.length, 1);
    assert.match(html, /data-address="{&quot;project&quot;:&quot;&#39;\/&gt;&lt;img onerror=x&gt;&quot;}"/);
  });

  it('has a nonce of its own each time', () => {
    const nonces = new Set(Array.from({ length: 50 }, newNonce));
    assert.equal(nonces.size, 50);
    for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/);
  });
});
