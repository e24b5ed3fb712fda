import type { IExecuteFunctions } from 'n8n-workflow';
import { InputProblemError } from './inputProblem';

/**
 * A parameter's value for an item, whatever its type: expressions give anything. Null for one that
 * the form does not show.
 *
 * @param label the parameter's name for people
 * @throws InputProblemError where its expression can't be evaluated for this item
 */
export function readParameter(
	context: IExecuteFunctions,
	name: string,
	label: string,
	item: number,
): unknown {
	try {
		return context.getNodeParameter(name, item, null);
	} catch (error) {
		return fail(label, error);
	}
}

/** 'Options' of an item; none where nothing was added. */
export function readOptions(context: IExecuteFunctions, item: number): Record<string, unknown> {
	return { ...(readParameter(context, 'options', 'Options', item) as object | null) };
}

/** A value as people would write it. */
export function textOf(value: unknown): string {
	if (typeof value === 'string') return value;
	return value === undefined || value === null ? '' : (JSON.stringify(value) ?? typeof value);
}

function fail(label: string, error: unknown): never {
	const reason = error instanceof Error ? error.message : textOf(error);
	throw new InputProblemError({ kind: 'badExpression', label, reason });
}
