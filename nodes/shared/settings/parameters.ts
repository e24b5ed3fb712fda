import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { InputProblemError } from './inputProblem';
import { textOf } from './untyped';

/** The collection of the node's optional parameters. */
const OPTIONS = 'options';

/** The numbers that an option takes. */
export interface NumberRule {
	/** The option's name in the form. */
	label: string;
	/** A hint to add for a value that can't be used. */
	advice?: (value: number) => string | undefined;
	min: number;
	max: number;
	isWhole: boolean;
}

/** A parameter with a list of values. */
interface Choice<T extends string> {
	name: string;
	label: string;
	choices: readonly [T, ...T[]];
}

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

	/** An option's value as a number; undefined if it isn't set. */
	readNumber(option: string, rule: NumberRule, item: number): number | undefined {
		return toNumber(this.readOption(option, rule.label, item), rule);
	}

	/** An option's value as true or false; undefined if it isn't set. */
	readSwitch(option: string, label: string, item: number): boolean | undefined {
		return toSwitch(this.readOption(option, label, item), label);
	}

	/** One of a parameter's values; the first one if the form doesn't show the parameter. */
	readChoice<T extends string>({ name, label, choices }: Choice<T>, item: number): T {
		const value = this.read(name, label, item);
		if (value === undefined || value === null) return choices[0];
		const chosen = choices.find((choice) => choice === value);
		return chosen ?? refuse(label, choices.map((choice) => `'${choice}'`).join(' or '), value);
	}

	private evaluateOptions(item: number): object {
		const value = this.evaluate(OPTIONS, 'Options', item) ?? {};
		if (typeof value === 'object' && !Array.isArray(value)) return value;
		return refuse('Options', 'an object', value);
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

/** A number, which expressions may also return as text. An empty field means undefined. */
export function toNumber(
	given: unknown,
	{ label, min, max, isWhole, advice }: NumberRule,
): number | undefined {
	const value = typeof given === 'string' ? given.trim() : given;
	if (value === undefined || value === null || value === '') return undefined;
	const schema = z.coerce.number().min(min).max(max);
	const parsed = (isWhole ? schema.int() : schema).safeParse(value);
	// `true`, `[]` and dates could be converted to numbers, but that is never intended.
	const isNumeric = typeof value === 'number' || typeof value === 'string';
	if (parsed.success && isNumeric) return parsed.data;
	const advised = isNumeric && advice?.(Number(value));
	const rule = `${isWhole ? 'a whole number' : 'a number'} from ${min} to ${max}`;
	return refuse(label, advised ? `${rule}: ${advised}` : rule, value);
}

/** True or false, which expressions may also return as text. */
export function toSwitch(value: unknown, label: string): boolean | undefined {
	const text = textOf(value).trim().toLowerCase();
	if (text === '') return undefined;
	if (text === 'true' || text === 'false') return text === 'true';
	return refuse(label, 'true or false', value);
}

export function refuse(label: string, rule: string, value: unknown): never {
	throw new InputProblemError({ kind: 'badParameter', label, rule, value: textOf(value) });
}
