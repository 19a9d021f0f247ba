import assert from 'node:assert/strict';
import { milestones, viewState, type ProjectInView } from '../../../../src/host/tree/viewState.ts';
import { aStatus } from '../../../support/reports.ts';

const project = (parts: Partial<ProjectInView> = {}): ProjectInView => ({ name: 'set', running: false, status: aStatus({ 'not-started': 3 }), ...parts });

describe('the state of the view', () => {
  it('welcomes where nothing is open, and where the only project is empty', () => {
    assert.equal(viewState([]).context, 'none');
    assert.deepEqual(viewState([project({ status: aStatus() })]), { context: 'empty', message: '', description: 'set', badge: undefined });
  });

  it('shows a tree as soon as there is anything to show, an empty project among others too', () => {
    for (const projects of [[project()], [project({ status: undefined })], [project({ status: aStatus() }), project()]]) assert.equal(viewState(projects).context, 'some');
  });

  it('says what is needed where nothing can be run', () => {
    assert.equal(viewState([project()]).message, '');
    assert.match(viewState([project({ status: aStatus({}, { heldOut: 5 }) })]).message, /held out/);
    assert.equal(viewState([project({ running: true })]).message, '');
  });

  it('counts what waits for a person, over all projects, and says that not all tasks are shown', () => {
    const waiting = project({ status: aStatus({ 'needs-review': 212 }) });
    assert.deepEqual(viewState([waiting, waiting]).badge, { value: 424, tooltip: '424 tasks to review' });
    assert.deepEqual(viewState([waiting, project({ status: { ...aStatus({ 'needs-review': 1 }), unreviewed: 1_040 } })]).badge, { value: 213, tooltip: '213 tasks to review, 1,040 paths that nobody has reviewed' });
    assert.equal(viewState([project()]).badge, undefined);
    assert.deepEqual([viewState([project()], true).description, viewState([project(), project()], true).description], ['filtered', 'filtered']);
  });

  it('says how to go on with a run that stopped before its time', () => {
    const stopped = aStatus({ solved: 1 }, { runs: [{ id: 3, recipe: 'r', state: 'interrupted', model: 'm', baseUrl: '', simulated: false, tasks: 1, calls: 1, cached: 0, failed: {}, startedAtMs: 0 }] });
    assert.match(viewState([project({ status: stopped })]).message, /Run 3 was interrupted\. Resume Run/);
    assert.equal(viewState([project({ status: stopped, running: true })]).message, '');
  });

  it('knows what was done, and takes a project that is not open for none', () => {
    const done = (...projects: readonly ProjectInView[]) => Object.entries(milestones(projects)).flatMap(([key, reached]) => (reached ? [key.slice('regenesis.has.'.length)] : []));
    assert.deepEqual(done(project({ status: undefined })), []);
    assert.deepEqual(done(project({ status: aStatus() })), ['project']);
    const served = aStatus({}, { server: { baseUrl: 'http://127.0.0.1:1/v1', model: 'm', simulated: false } });
    assert.deepEqual(done(project(), project({ status: served })), ['project', 'server', 'tasks']);
    const run = { id: 1, recipe: 'r', state: 'completed', model: 'm', baseUrl: '', simulated: false, tasks: 1, calls: 1, cached: 0, failed: {}, startedAtMs: 0 } as const;
    assert.deepEqual(done(project({ status: aStatus({}, { runs: [run] }) })), ['project', 'run']);
  });
});
