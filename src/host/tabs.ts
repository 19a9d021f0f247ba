// Everything with a page. Loaded with the first tab of ours, or the first command: a window that only shows its tree starts without.
import type * as vscode from 'vscode';
import type { PromptAddress } from '../contract/pages/promptPreview.ts';
import { ContaminationProblems } from './contamination/contaminationProblems.ts';
import { lookForContamination } from './contamination/findContamination.ts';
import { evaluationPanels } from './evaluation/evaluationPanels.ts';
import { importPanels } from './imports/importPanels.ts';
import { iterationPanels } from './iterations/iterationPanels.ts';
import { JobLogs } from './jobs/jobLogs.ts';
import { jobPanels } from './jobs/jobPanels.ts';
import type { Disposable } from './lifetime.ts';
import type { PageId } from './manifest.ts';
import { ReviewEditor } from './review/reviewEditor.ts';
import { outward } from './review/reviewOutward.ts';
import { stepPanels } from './stepper/stepPanels.ts';
import { comparePanels } from './compare/comparePanels.ts';
import { auditPanels } from './overview/auditPanels.ts';
import { Audits } from './overview/audits.ts';
import { listPanels } from './overview/listPanels.ts';
import { PageBuilder } from './pages/page.ts';
import { projectEditor } from './projects/projectEditor.ts';
import { PreviewPanels } from './prompts/previewPanels.ts';
import { TrialPanels } from './prompts/trialPanels.ts';
import { tryPrompt } from './prompts/tryPrompt.ts';
import type { Project } from './projects/project.ts';
import { serverForStep } from './runs/pipeline.ts';
import { ServerCards } from './servers/serverCards.ts';
import { trainingPanels } from './training/trainingPanels.ts';
import type { Workbench } from './workbench.ts';

/** The tabs of this window, by kind. */
export interface Tabs extends Disposable {
  readonly project: Pick<vscode.CustomReadonlyEditorProvider, 'resolveCustomEditor'>;
  /** Those that stand in a tab of their own, to be there again after a reload. */
  readonly pages: Readonly<Record<PageId, vscode.WebviewPanelSerializer>>;
  readonly audit: ReturnType<typeof auditPanels>;
  readonly compare: ReturnType<typeof comparePanels>;
  readonly imports: ReturnType<typeof importPanels>;
  /** Train tasks that stand in evaluation sets. */
  readonly contamination: ContaminationProblems;
  readonly cards: ServerCards;
  readonly step: ReturnType<typeof stepPanels>;
  readonly review: ReviewEditor;
  readonly job: ReturnType<typeof jobPanels>;
  readonly jobLogs: JobLogs;
  readonly evaluation: ReturnType<typeof evaluationPanels>;
  readonly iterations: ReturnType<typeof iterationPanels>;
  readonly training: ReturnType<typeof trainingPanels>;
  readonly preview: PreviewPanels;
  /** Tries a prompt on a sample, and shows what it came to. */
  readonly tryOn: (address: PromptAddress) => Promise<void>;
}

/** Puts the tabs together; the caller registers and disposes them. */
export function tabsOf(workbench: Workbench, extension: vscode.Uri): Tabs {
  const { projects, documents, keys, known, log, jobs, jobsOnScreen, evaluations } = workbench;
  const builder = new PageBuilder(extension, log);
  const list = listPanels({ projects, documents, builder });
  const audits = new Audits(projects);
  const audit = auditPanels({ projects, documents, builder, audits });
  const compare = comparePanels({ workbench, builder });
  const contamination = new ContaminationProblems({ projects, log });
  const look = (project: Project, tells: boolean) => lookForContamination({ workbench, problems: contamination }, project, { tells });
  const imports = importPanels(workbench, { builder, imported: project => look(project, true) });
  const cards = new ServerCards({ builder, projects, keys, known, jobs });
  const step = stepPanels({ projects, builder, serverOf: project => serverForStep(workbench, project) });
  const review = new ReviewEditor({ projects, builder, fulfil: outward(workbench, step) }, workbench.storageFolder);
  const job = jobPanels({ projects, jobs, builder, looked: jobsOnScreen });
  const jobLogs = new JobLogs({ jobs, log });
  const evaluation = evaluationPanels({ projects, evaluations, builder, lists: list });
  const iterations = iterationPanels({ projects, jobs, evaluations, builder });
  const training = trainingPanels({ workbench, builder, lists: list, opened: project => look(project, false) });
  const tryOn = async (address: PromptAddress): Promise<void> => {
    const report = await tryPrompt(workbench, address);
    if (report) await trials.show(address, report);
  };
  const trials = new TrialPanels({ workbench, builder, tryOn });
  const preview = new PreviewPanels({ workbench, builder, tryOn });
  return {
    project: projectEditor({ projects, builder, audits, jobs, evaluations, lists: list }),
    pages: { list, audit, importTasks: imports, serverCard: cards.panels, step, job, evaluation, training, promptPreview: preview.panels, promptTrial: trials.panels, compareMethods: compare, iterations },
    audit, compare, imports, contamination, cards, step, review, job, jobLogs, evaluation, iterations, training, preview, tryOn,
    dispose: () => {
      audits.dispose();
      contamination.dispose();
      cards.dispose();
      review.dispose();
      jobLogs.dispose();
    },
  };
}
