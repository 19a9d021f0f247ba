import * as vscode from 'vscode';
import type { Look } from '../look.ts';

const folds: Readonly<Record<Look['fold'], vscode.TreeItemCollapsibleState>> = {
  none: vscode.TreeItemCollapsibleState.None, closed: vscode.TreeItemCollapsibleState.Collapsed, open: vscode.TreeItemCollapsibleState.Expanded,
};

/** How the editor shows a node. @param node what a click hands to the look's command, and the id under which the editor knows it */
export function treeItemOf(look: Look, node: { readonly id: string }): vscode.TreeItem {
  const item = new vscode.TreeItem(look.label, folds[look.fold]);
  item.id = node.id;
  item.tooltip = look.tooltip;
  item.accessibilityInformation = { label: look.spoken, role: 'treeitem' };
  item.contextValue = `${look.tokens.join(';')};`;
  if (look.description !== undefined) item.description = look.description;
  if (look.icon) item.iconPath = new vscode.ThemeIcon(look.icon.name, look.icon.color === undefined ? undefined : new vscode.ThemeColor(look.icon.color));
  if (look.command !== undefined) item.command = { command: look.command, title: look.spoken, arguments: [node] };
  return item;
}
