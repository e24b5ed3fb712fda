import type { IExecuteFunctions } from 'n8n-workflow';
import { InputProblemError } from './inputProblem';

/**
 * The node's parameters, whatever their types: expressions give anything. What holds no expression
 * is the same for each item, so n8n is asked once for all of them.
 */
export class NodeParameters {
	private readonly fixed = new Map<string, unknown>();

	constructor(private readonly context: IExecuteFunctions) {}

	/**
	 * A parameter's value for an item. Null for one that the form does not show.
	 *
	 * @param name of an option: `options.<name>`, so that another one's expression does not matter
	 * @param label the parameter's name for people
	 * @throws InputProblemError where its expression can't be evaluated for this item
	 */
	read(name: string, label: string, item: number): unknown {
		if (this.fixed.has(name)) return this.fixed.get(name);
		const raw: unknown = this.context.getNodeParameter(name, item, null, { rawExpressions: true });
		const isFixed = !(typeof raw === 'string' && raw.startsWith('='));
		if (isFixed) this.fixed.set(name, raw);
		return isFixed ? raw : this.evaluate(name, label, item);
	}

	private evaluate(name: string, label: string, item: number): unknown {
		try {
			return this.context.getNodeParameter(name, item, null);
		} catch (error) {
			return fail(label, error);
		}
	}
}

function fail(label: string, error: unknown): never {
	const reason = error instanceof Error ? error.message : textOf(error);
	throw new InputProblemError({ kind: 'badExpression', label, reason });
}

/** A value as people would write it. */
export function textOf(value: unknown): string {
	if (typeof value === 'string') return value;
	return value === undefined || value === null ? '' : (JSON.stringify(value) ?? typeof value);
}
