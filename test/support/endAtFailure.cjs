// The tests of a window build on one another: those after the first that fails would each wait for what will not come. Other files go on.
'use strict';

exports.mochaHooks = {
  beforeAll() {
    const endAtFailure = suite => {
      suite.bail(true);
      for (const inner of suite.suites) endAtFailure(inner);
    };
    endAtFailure(this.test.parent);
  },
};
