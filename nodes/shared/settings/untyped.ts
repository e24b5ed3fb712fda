import type { IDataObject } from 'n8n-workflow';

/** Whether a value is an object with fields, and not a list. */
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
