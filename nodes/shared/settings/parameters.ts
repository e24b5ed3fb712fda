import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { InputProblemError } from './inputProblem';

/** The collection of the node's optional parameters. */
const OPTIONS = 'options';

/**
 * Reads the node's parameters as any type, because expressions may return anything. Without an
 * expression a value is the same for each item, so it is read only once.
 */
export class NodeParameters {
	private readonly fixed = new Map<string, unknown>();
	/** Whether one expression returns all options. */
	private areOneExpression: boolean | undefined;
	/** The options of the item that was read last, because they are read one by one. */
	private options: { item: number; value: object } | undefined;

	constructor(private readonly context: IExecuteFunctions) {}

	/**
	 * A parameter's value for an item. Null if the form doesn't show the parameter.
	 *
	 * @param label the parameter's name in the form
	 * @throws InputProblemError if its expression can't be evaluated for this item
	 */
	read(name: string, label: string, item: number): unknown {
		if (this.fixed.has(name)) return this.fixed.get(name);
		const raw = this.raw(name);
		if (isExpression(raw)) return this.evaluate(name, label, item);
		this.fixed.set(name, raw);
		return raw;
	}

	/** An option's value. It is read alone, so that another option's expression doesn't matter. */
	readOption(name: string, label: string, item: number): unknown {
		this.areOneExpression ??= isExpression(this.raw(OPTIONS));
		if (!this.areOneExpression) return this.read(`${OPTIONS}.${name}`, label, item);
		if (this.options?.item !== item) {
			this.options = { item, value: this.evaluateOptions(item) };
		}
		const value: unknown = Reflect.get(this.options.value, name);
		return value ?? null;
	}

	private evaluateOptions(item: number): object {
		const value = this.evaluate(OPTIONS, 'Options', item) ?? {};
		if (typeof value === 'object' && !Array.isArray(value)) return value;
		throw new InputProblemError({
			kind: 'badParameter',
			label: 'Options',
			rule: 'an object',
			value: textOf(value),
		});
	}

	/** The stored value, which is the same for all items. */
	private raw(name: string): unknown {
		return this.context.getNodeParameter(name, 0, null, { rawExpressions: true });
	}

	private evaluate(name: string, label: string, item: number): unknown {
		try {
			return this.context.getNodeParameter(name, item, null);
		} catch (error) {
			return failExpression(label, error);
		}
	}
}

function isExpression(value: unknown): boolean {
	return typeof value === 'string' && value.startsWith('=');
}

function failExpression(label: string, error: unknown): never {
	const reason = error instanceof Error ? error.message : textOf(error);
	throw new InputProblemError({ kind: 'badExpression', label, reason });
}

export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value's fields; none if it isn't an object. */
export function fieldsOf(value: unknown): IDataObject {
	return isObject(value) ? value : {};
}

/** A value as text. */
export function textOf(value: unknown): string {
	if (typeof value === 'string') return value;
	return value === undefined || value === null ? '' : (JSON.stringify(value) ?? typeof value);
}
