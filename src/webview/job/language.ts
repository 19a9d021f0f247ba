// Comes before uPlot, which asks for the browser's language as it is loaded: a browser that was started in the locale of POSIX names one that none knows.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}

export {};
