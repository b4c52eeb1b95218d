"""The portable subset: SQL that means the same on DuckDB and Spark, by an allow-list, and its rendering."""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from data.errors import BadDefinition
from data.store.warehouse import first_line
from metrics.files import SqlFile
from metrics.functions import BY_NAME
from metrics.plan import flows, metric_files, steps

WRITTEN, RENDERED = "duckdb", "spark"
NAME = re.compile(r"[a-z_][a-z0-9_]*")
SHAPE = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.With,
    exp.CTE, exp.Union, exp.Subquery, exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier,
    exp.Star, exp.Window, exp.WindowSpec, exp.Placeholder, exp.Tuple,
)  # fmt: skip
VALUES = (exp.Literal, exp.Null, exp.Boolean, exp.Cast, exp.DataType, exp.DataTypeParam, exp.Case, exp.If)
OPERATORS = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In,
    exp.Between, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Distinct,
)  # fmt: skip
FUNCTIONS = (
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.Coalesce, exp.Nullif, exp.Abs, exp.Least, exp.Greatest, exp.Exp,
    exp.Ln, exp.Sqrt, exp.Lag, exp.Lead, exp.FirstValue, exp.RowNumber, exp.Concat,
)  # fmt: skip
ALLOWED = SHAPE + VALUES + OPERATORS + FUNCTIONS
TYPES = frozenset(
    {
        exp.DType.DATE, exp.DType.INT, exp.DType.BIGINT, exp.DType.DOUBLE, exp.DType.DECIMAL,
        exp.DType.VARCHAR, exp.DType.BOOLEAN,
    }
)  # fmt: skip


def files() -> tuple[SqlFile, ...]:
    """Every file that one day runs elsewhere: the flows, the steps and the metrics."""
    return (*flows(), *steps(), *metric_files())


def check(file: SqlFile) -> list[str]:
    """What is wrong with a file, one sentence each; nothing where it may travel."""
    try:
        tree = parsed(file.sql)
    except (SqlglotError, BadDefinition) as wrong:
        return [f"{file.place} cannot be read: {first_line(wrong)}."]
    found = [f"{file.place}: {problem}." for problem in dict.fromkeys(problems(tree))]
    return found or unrendered(file)


def unrendered(file: SqlFile) -> list[str]:
    try:
        parse_as_spark(rendered(file.sql))
    except SqlglotError as wrong:
        return [f"{file.place} cannot be rendered for Spark: {first_line(wrong)}."]
    return []


def parsed(sql: str) -> exp.Expr:
    trees = sqlglot.parse(sql, read=WRITTEN)
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise BadDefinition("a file is one SELECT")
    return trees[0]


def parse_as_spark(sql: str) -> None:
    sqlglot.parse_one(sql, read=RENDERED)


def problems(tree: exp.Expr) -> Iterator[str]:
    for node in tree.walk():
        yield from unknown(node)
        if rule := RULES.get(type(node)):
            yield from rule(node)


def unknown(node: exp.Expr) -> Iterator[str]:
    """Rules 1, 2, 3 and 6: what is not named here may mean something else elsewhere."""
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in BY_NAME:
            yield f"{node.name}() is not one of the named functions: {', '.join(sorted(BY_NAME))}"
        elif len(node.expressions) != len(BY_NAME[node.name.lower()].parameters):
            yield f"{node.name}() takes {', '.join(BY_NAME[node.name.lower()].parameters)}"
    elif type(node) not in ALLOWED:
        yield f"`{shown(node)}` is outside the portable subset ({type(node).__name__})"


def shown(node: exp.Expr) -> str:
    text = node.sql(WRITTEN)
    return text if len(text) <= 60 else text[:57] + "…"


def of_select(node: exp.Select) -> Iterator[str]:
    """Rules 4 and 6: explicit grouping, named columns, no alias used beside its definition."""
    beyond = {"distinct": "distinct on", "qualify": "qualify", "sample": "sampling", "limit": "limit"}
    for part, name in beyond.items():
        if (found := node.args.get(part)) and (part != "distinct" or found.args.get("on")):
            yield f"{name} is outside the portable subset"
    for column in node.expressions:
        if isinstance(column, exp.Star) or column.is_star:
            yield from of_star(node, column)
        elif not isinstance(column, exp.Alias | exp.Column):
            yield f"`{shown(column)}` has no name: write `as …`"
    yield from lateral(node)


def of_star(node: exp.Select, column: exp.Expr) -> Iterator[str]:
    known = {cte.alias for cte in node.root().find_all(exp.CTE)}
    star = column.this if isinstance(column, exp.Column) else column
    if any(star.args.get(part) for part in ("except_", "replace", "rename")):
        yield "a star may not leave out or replace columns"
    sources = [join.this for join in node.args.get("joins") or []]
    sources += [node.args["from_"].this] if node.args.get("from_") else []
    named = [
        table
        for table in sources
        if not isinstance(column, exp.Column) or table.alias_or_name == column.table
    ]
    if not all(isinstance(table, exp.Table) and table.name in known for table in named):
        yield "a star may only take the columns of a common table expression"


def lateral(node: exp.Select) -> Iterator[str]:
    defined = {
        column.alias
        for column in node.expressions
        if isinstance(column, exp.Alias) and not is_column(column.this, column.alias)
    }
    places = [*node.expressions, *(node.args.get(part) for part in ("where", "group", "having"))]
    for place in filter(None, places):
        for column in place.find_all(exp.Column):
            if column.find_ancestor(exp.Select) is node and not column.table and column.name in defined:
                yield f"`{column.name}` is used beside its definition: repeat the expression or add a step"


def is_column(node: exp.Expr, name: str) -> bool:
    return isinstance(node, exp.Column) and node.name == name


def of_group(node: exp.Group) -> Iterator[str]:
    if node.args.get("all") or any(node.args.get(part) for part in ("rollup", "cube", "grouping_sets")):
        yield "group by must name its columns"
    if any(isinstance(column, exp.Literal) for column in node.expressions):
        yield "group by must name its columns, not their positions"


def of_division(node: exp.Div) -> Iterator[str]:
    """Rule 5: Spark and DuckDB part ways at a division by zero."""
    divisor = node.expression.unnest()
    if isinstance(divisor, exp.Literal) and float(divisor.this) != 0:
        return
    if not isinstance(divisor, exp.Nullif):
        yield f"the divisor of `{shown(node)}` must be a number or nullif(…, 0)"


def of_sum(node: exp.Sum) -> Iterator[str]:
    """Rule 5: each engine gives a sum a type of its own."""
    whole = node.parent if isinstance(node.parent, exp.Window) else node
    if not isinstance(whole.parent, exp.Cast):
        yield f"`{shown(node)}` must be cast: cast(sum(…) as decimal(18, 4)) or as bigint"


def of_type(node: exp.DataType) -> Iterator[str]:
    if node.this not in TYPES:
        yield f"the type {node.sql(WRITTEN).lower()} is outside the portable subset"


def of_join(node: exp.Join) -> Iterator[str]:
    if node.method:
        yield f"{node.method.lower()} join is outside the portable subset"
    if node.side.upper() not in ("", "LEFT", "RIGHT", "FULL") or node.kind.upper() in ("SEMI", "ANTI"):
        yield "join must be inner, left, right, full or cross"


def of_table(node: exp.Table) -> Iterator[str]:
    if not isinstance(node.this, exp.Identifier) or not NAME.fullmatch(node.name):
        yield f"`{shown(node)}` is not a table"
    if node.args.get("sample") or node.args.get("pivots"):
        yield f"`{shown(node)}` samples or pivots"


def of_subquery(node: exp.Subquery) -> Iterator[str]:
    if not isinstance(node.parent, exp.From | exp.Join):
        yield f"`{shown(node)}`: a query inside an expression is outside the portable subset; join it"


def of_with(node: exp.With) -> Iterator[str]:
    if node.args.get("recursive"):
        yield "with recursive is outside the portable subset"


def of_placeholder(node: exp.Placeholder) -> Iterator[str]:
    if not node.args.get("this"):
        yield "a parameter has a name: $as_of"


def of_union(node: exp.Union) -> Iterator[str]:
    if node.args.get("distinct") or node.args.get("by_name"):
        yield "union must be `union all`, by position"


def of_window_spec(node: exp.WindowSpec) -> Iterator[str]:
    """Rule 7: frames count rows; ranges of time are half-open conditions on dates."""
    if str(node.args.get("kind")).upper() != "ROWS":
        yield "a window frame must count rows"


Rule = Callable[[Any], Iterator[str]]
RULES: dict[type[exp.Expr], Rule] = {
    exp.Select: of_select,
    exp.Group: of_group,
    exp.Div: of_division,
    exp.Sum: of_sum,
    exp.DataType: of_type,
    exp.Join: of_join,
    exp.Table: of_table,
    exp.Union: of_union,
    exp.WindowSpec: of_window_spec,
    exp.Subquery: of_subquery,
    exp.With: of_with,
    exp.Placeholder: of_placeholder,
}


def rendered(sql: str) -> str:
    """The same query in Spark's words, the named functions spelled out."""
    tree = parsed(sql).transform(spelled_out)
    return tree.sql(RENDERED, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE)


def spelled_out(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.Anonymous) or node.name.lower() not in BY_NAME:
        return node
    function = BY_NAME[node.name.lower()]
    given = dict(zip(function.parameters, node.expressions, strict=True))
    body = sqlglot.parse_one(function.spark, read=RENDERED)
    return bracketed(body.transform(lambda part: argument(part, given)))


def argument(node: exp.Expr, given: dict[str, exp.Expr]) -> exp.Expr:
    if isinstance(node, exp.Column) and not node.table and node.name in given:
        return bracketed(given[node.name].transform(spelled_out))
    return node


def bracketed(node: exp.Expr) -> exp.Expr:
    return exp.paren(node) if isinstance(node, exp.Binary) else node


def main() -> int:
    found = [problem for file in files() for problem in check(file)]
    print("\n".join(found) or f"{len(files())} files keep to the portable subset.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
