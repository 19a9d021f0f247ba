// Questions that follow one another, with a way back.
import * as vscode from 'vscode';

/** What is said to a question; `back`: the one before it, please; absent: it was called off. */
export type StepAnswer<Value> = Value | 'back' | undefined;

/** The place of a question among all. `at`: from 1. */
export interface StepPlace {
  readonly title: string;
  readonly at: number;
  readonly of: number;
}

const backButtons = ({ at }: StepPlace): readonly vscode.QuickInputButton[] => (at > 1 ? [vscode.QuickInputButtons.Back] : []);

/** One of several. `typed`: what a text that was typed stands for, where that may be chosen too. */
export function pickStep<Item extends vscode.QuickPickItem>(place: StepPlace, { placeholder, items, typed }: {
  readonly placeholder: string; readonly items: readonly Item[]; readonly typed?: (text: string) => Item;
}): Promise<StepAnswer<Item>> {
  return new Promise(resolve => {
    const pick = vscode.window.createQuickPick<Item>();
    Object.assign(pick, { title: place.title, step: place.at, totalSteps: place.of, placeholder, items, buttons: backButtons(place), ignoreFocusOut: true });
    pick.onDidChangeValue(text => {
      if (typed && text.trim() !== '' && !items.some(({ label }) => label === text.trim())) pick.items = [...items, typed(text.trim())];
      else if (pick.items.length !== items.length) pick.items = items;
    });
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (!chosen) return;
      resolve(chosen);
      pick.hide();
    });
    ending(pick, resolve);
  });
}

/** A text. `wrong`: why it cannot be taken. */
export function typeStep(place: StepPlace, { prompt, value, wrong = () => undefined }: {
  readonly prompt: string; readonly value: string; readonly wrong?: (text: string) => string | undefined;
}): Promise<StepAnswer<{ readonly text: string }>> {
  return new Promise(resolve => {
    const box = vscode.window.createInputBox();
    Object.assign(box, { title: place.title, step: place.at, totalSteps: place.of, prompt, value, buttons: backButtons(place), ignoreFocusOut: true });
    box.onDidChangeValue(text => { box.validationMessage = wrong(text.trim()); });
    box.onDidAccept(() => {
      const text = box.value.trim();
      box.validationMessage = wrong(text);
      if (wrong(text) !== undefined) return;
      resolve({ text });
      box.hide();
    });
    ending(box, resolve);
  });
}

function ending(input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox, resolve: (answer: 'back' | undefined) => void): void {
  input.onDidTriggerButton(() => {
    resolve('back');
    input.hide();
  });
  input.onDidHide(() => {
    resolve(undefined); // only the first answer counts
    input.dispose();
  });
  input.show();
}
