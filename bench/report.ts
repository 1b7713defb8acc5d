import { requestBudgets, type RequestGate } from "./apiRequests";
import { renderApiShare } from "./apiShare";
import { type FigureResult, renderBudgets, renderSpread } from "./figures";
import { renderControllers, renderNeighbours } from "./neighbours";
import { policyPackOverheadHeading } from "./policyPack";
import type { CommandPhases, Results } from "./results";

/** The results for people. */
export function renderReport(results: Results): string {
  return [
    ...renderMachine(results),
    "",
    "Ratios: median of pairs that were measured one after the other (least – most)",
    ...results.figures.flatMap(renderFigure),
    "",
    ...renderGates(results),
    "",
    ...renderOverhead(results),
    "Seconds of each phase: median (least – most)",
    ...results.commands.flatMap(renderCommand),
    "",
    ...renderApiShare(results.apiShare, results.feltFlood),
    ...renderNeighbours(results.neighbours),
    ...renderControllers(results.controllers),
  ].join("\n");
}

function renderMachine({ machine, tools }: Results): string[] {
  const { processor, cores, memoryGibibytes, system, node } = machine;
  return [
    `On ${cores} cores (${processor}), ${memoryGibibytes} GiB of memory, ${system}, Node.js ${node},`,
    "with",
    ...tools.map(({ name, version, source }) => `  ${name} ${version}: ${source}`),
  ];
}

function renderFigure(figure: FigureResult): string[] {
  const { name, ratio, numerator, denominator, aim } = figure;
  const unit = aim.of === "ratio" ? "" : " s";
  return [
    "",
    `  ${name}: ${renderSpread(ratio)}, aim ≤ ${aim.atMost}${unit} ${verdictOn(figure)}`,
    `      ${renderSpread(figure.numeratorSeconds)} s  ${numerator}`,
    `    ÷ ${renderSpread(figure.denominatorSeconds)} s  ${denominator}`,
  ];
}

function verdictOn({ aim, aimMet }: FigureResult): string {
  if (aimMet) {
    return "met";
  }
  return aim.isGate === true ? "GATE FAILED" : "NOT MET";
}

function renderGates({ gates, gatesApply, objects }: Results): string[] {
  const subject = `${objects.created} created and ${objects.patched} patched objects`;
  return [
    `Requests of the API, for ${subject}`,
    ...(gatesApply
      ? []
      : ["(for information: the limits were written down for the provider that is built here)"]),
    ...gates.flatMap((gate) => renderGate(gate, gatesApply)),
  ];
}

function renderGate(gate: RequestGate, applies: boolean): string[] {
  const { operation, counts, limit, holds, breakdown } = gate;
  const { perObject, constant, reason } = requestBudgets[operation];
  const formula = `${perObject} × objects + ${constant}`;
  const verdict = holds ? "holds" : applies ? "GATE FAILED" : "more";
  return [
    "",
    `  ${operation}: ${[...new Set(counts)].join(", ")}, limit ${limit} (${formula}) ${verdict}`,
    `    the ${constant}: ${reason}`,
    ...breakdown.map(({ verb, target, count }) => `    ${count} ${verb} ${target}`),
  ];
}

function renderOverhead({ policyPackOverhead }: Results): string[] {
  return policyPackOverhead === undefined
    ? []
    : [renderBudgets(policyPackOverheadHeading, [policyPackOverhead]), ""];
}

function renderCommand(phasesOfCommand: CommandPhases): string[] {
  const { command, total, cpuSeconds, phases, processorTimes } = phasesOfCommand;
  return [
    "",
    `  ${renderSpread(total)}  ${command}`,
    ...(phases.length > 1
      ? phases.map((phase) => `    ${renderSpread(phase)}  ${phase.name}`)
      : []),
    `    CPU ${renderSpread(cpuSeconds)}  all processes`,
    ...processorTimes.map((time) => `    CPU ${renderSpread(time)}  ${time.role}`),
  ];
}
