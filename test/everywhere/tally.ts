import type { INodeExecutionData } from 'n8n-workflow';
import type { Verdict } from '../support/emulator';
import type { Row } from './row';

/** Counts the results of executions. */
export class Tally {
	readonly problems: string[] = [];
	private readonly start = performance.now();
	private executions = 0;
	private items = 0;
	private wrong = 0;
	private lost = 0;

	/** Counts an execution against the expected verdicts of its items; null: no verdict of the API. */
	add(items: readonly INodeExecutionData[], expected: ReadonlyArray<Verdict | null>): void {
		this.executions++;
		this.items += expected.length;
		expected.forEach((verdict, index) => {
			const { isAI, confidence } = items[index]?.json ?? {};
			if (verdict === null) {
				if (typeof isAI === 'boolean') this.wrong++;
			} else if (typeof isAI !== 'boolean') {
				this.lost++;
			} else if (isAI !== verdict.isAI || confidence !== verdict.confidence) {
				this.wrong++;
			}
		});
		if (items.length > expected.length) this.wrong += items.length - expected.length;
	}

	/** Adds a problem that is not about items. */
	expect(isSo: boolean, what: string): void {
		if (!isSo) this.problems.push(what);
	}

	row(host: string, mode: string, note?: string): Row {
		const { executions, items, wrong, lost, problems } = this;
		const seconds = (performance.now() - this.start) / 1_000;
		return { host, mode, executions, items, wrong, lost, seconds, note, problems };
	}
}
