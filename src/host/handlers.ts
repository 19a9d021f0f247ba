// What every command does. Loaded with the first of them: a window that only shows its tree starts without.
import { contaminationCommands } from './commands/contaminationCommands.ts';
import { evaluationCommands } from './commands/evaluationCommands.ts';
import { importCommands } from './commands/importTasks.ts';
import { iterationCommands } from './commands/iterationCommands.ts';
import { jobCommands } from './commands/jobCommands.ts';
import { overviewCommands } from './commands/overviewCommands.ts';
import { previewCommands } from './commands/previewCommands.ts';
import { projectCommands } from './commands/projectCommands.ts';
import { promptCommands } from './commands/promptCommands.ts';
import { partHandler, runCommands } from './commands/runCommands.ts';
import { reviewCommands } from './commands/reviewCommands.ts';
import { serverCommands } from './commands/serverCommands.ts';
import { stepCommands } from './commands/stepCommands.ts';
import { trainingCommands } from './commands/trainingCommands.ts';
import { viewCommands } from './commands/viewCommands.ts';
import { commands, type CommandArguments, type CommandId } from './manifest.ts';
import { isPartCommand, partOf } from './runs/stageTable.ts';
import type { Tabs } from './tabs.ts';
import type { Workbench } from './workbench.ts';

/** Every command of the manifest with what it does. */
export function handlersOf(workbench: Workbench, tabs: Tabs): Readonly<Record<CommandId, (...given: CommandArguments) => unknown>> {
  const named = {
    ...projectCommands(workbench), ...viewCommands(workbench), ...runCommands(workbench),
    ...importCommands(workbench, tabs), ...serverCommands(workbench, tabs), ...overviewCommands(workbench, tabs),
    ...stepCommands(workbench, tabs.step), ...reviewCommands(workbench, tabs.review), ...jobCommands(workbench, tabs), ...trainingCommands(workbench, tabs), ...evaluationCommands(workbench, tabs), ...iterationCommands(workbench, tabs),
    ...promptCommands(workbench), ...contaminationCommands(workbench, tabs),
    ...previewCommands(workbench, tabs),
  };
  const all = (Object.keys(commands) as CommandId[]).map(id => [id, isPartCommand(id) ? partHandler(workbench, partOf(id)) : named[id]] as const);
  return Object.fromEntries(all) as Record<CommandId, (...given: CommandArguments) => unknown>;
}
