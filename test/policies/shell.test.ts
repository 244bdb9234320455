import assert from "node:assert/strict";
import { type Command, commandsOf, hole, scriptOf } from "../../policies/graph/shell";
import type { Container } from "../../policies/graph/tasks";

const container: Container = {
  name: "nginx",
  image: undefined,
  words: undefined,
  environment: new Map(Object.entries({ A: "1 2", B_2: "b", LONG: "l" })),
  secrets: new Set(["SECRET"]),
  environmentFiles: false,
  ports: [],
  healthCheck: "",
};
const read = (script: string): Command[] | undefined => commandsOf(script, container);

describe("a shell's script", () => {
  it("is the word behind -c of whatever shell", () => {
    const of = (...words: string[]): string | undefined => scriptOf({ ...container, words });
    for (const shell of ["sh", "/bin/sh", "/bin/bash", "dash", "ash"]) assert.equal(of(shell, "-c", "x", "y"), "x");
    assert.equal(of("tini", "--", "sh", "-ec", "x"), "x");
    assert.equal(of("sh", "-e", "+u", "-cx", "x"), "x");
    assert.equal(of("bash", "-eo", "pipefail", "-c", "x"), "x");
    assert.equal(of("bash", "+o", "posix", "-c", "x"), "x");
    assert.equal(of("bash", "--login", "-c", "x"), "x");
    assert.equal(of("bash", "--no", "-c", "x"), "x");
    assert.equal(of("bash", "-ou", "pipefail", "-c", "x"), "x");
    assert.equal(of("sh", "-cX", "-c", "x"), "x");
    for (const words of [
      ["sh", "x-y", "-c", "x"],
      ["sh", "/x.sh", "-c", "x"],
      ["sh", "-e"],
      ["sh", "--rcfile", "/x", "-c", "x"],
      ["-c", "x"],
      [],
    ])
      assert.equal(of(...words), undefined, words.join(" "));
    for (const other of ["zsh", "sh.exe", "fish", "sha"]) assert.equal(of(other, "-c", "x"), undefined, other);
    assert.equal(scriptOf(container), undefined);
  });

  /** The words of each command, and what is put into them. */
  const words: Record<string, [script: string, commands: string[][]]> = {
    "by white space": ["a  b\tc\n\nd", [["a", "b", "c"], ["d"]]],
    "by Windows' ends of lines": ["a\r\nb", [["a"], ["b"]]],
    "by signs between commands": ["a;b&c&&d||e|f;;g", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"]]],
    "by brackets": ["(a;b)c", [["a"], ["b"], ["c"]]],
    "on a line that goes on": ["a \\\nb c\\\nd", [["a", "b", "cd"]]],
    "on a line that goes on behind white space": ["a \\\n  b", [["a", "b"]]],
    "before a remark at the end": ["a # b", [["a"]]],
    "before a remark": ["a b# c # d 'e\nf", [["a", "b#", "c"], ["f"]]],
    "of quotes": [`'a b'"c d"e\\ f '' ""`, [["a bc de f", "", ""]]],
    "of single quotes, in which nothing is put": [`a '$A\\'`, [["a", "$A\\"]]],
    "of double quotes and what they escape": ['a "\\"\\$\\`\\\\\\\n\\x"', [["a", '"$`\\\\x']]],
    "of variables": ['a $A "${B_2}" x$B_2.', [["a", "1 2", "b", "xb."]]],
    "of a sign alone": [`a $ $. "$" $`, [["a", "$", "$.", "$", "$"]]],
    "of what is not seen": [
      'a $SECRET "$none" ${A:-b} $(c (d) $(e)) $((1 + 2)) `f g`h $1 $? $! $# $@ $* $$ $-',
      [["a", hole, hole, hole, hole, hole, `${hole}h`, hole, hole, hole, hole, hole, hole, hole, hole]],
    ],
    "of variables behind what is not seen": ["a `b $A`c $(d $A)", [["a", `${hole}c`, hole]]],
    "of what is not seen, in quotes": ['a "$(b)" "${c:-d}" "`e`" f', [["a", hole, hole, hole, "f"]]],
    "of escaped quotes": [`a $(b "\\")") \`c \\\` "d"\` e`, [["a", hole, hole, "e"]]],
    "of brackets in quotes": [`a $(b ')' "it's )" "$(c ")")" \\)) d`, [["a", hole, "d"]]],
    "of braces in quotes": [`a \${b:-"}"'}'\\}} d`, [["a", hole, "d"]]],
    "behind words of the language": [
      "if ! a; then exec b; elif c; else time d; fi; while e; do f; done; until g; do h; done; { i; }",
      [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"], ["i"]],
    ],
    "in and behind a loop": ["for a in b c; do d; done; e", [["for", "a", "in", "b", "c"], ["d"], ["e"]]],
    "of cases": ["case $A in b|c) d;; *) e;; esac; f", [["1 2", "in", "b"], ["c"], ["d"], ["*"], ["e"], ["f"]]],
    "of cases on two lines": ["case a\nin b) c;; esac", [["a"], ["b"], ["c"]]],
    "behind assignments": ["X=1 Y+=2 a Z=3; =b; 1c=d", [["a", "Z=3"], ["=b"], ["1c=d"]]],
    "beside redirections": ["a >b c 2>/dev/null d<e", [["a", "c", "d"]]],
  };
  for (const [name, [script, expected]] of Object.entries(words))
    it(`is split into words ${name}`, () =>
      assert.deepEqual(
        read(script)?.map((each) => each.words),
        expected,
      ));

  const hidden: Record<string, string> = {
    "one that it sets": "A=x; a $A",
    "one that it adds to": "A+=x; a $A",
    ...Object.fromEntries(
      [
        "export A",
        "export A=xyz",
        "read A",
        "read -r A",
        "unset A",
        "local A",
        "readonly A",
        "declare A",
        "typeset A",
      ].map((command) => [`one that it names: ${command}`, `${command}; a $A`]),
    ),
    "one of its loops": "for A in b; do :; done; a $A",
    "one of its menus": "select A in b; do :; done; a $A",
    "any, when it runs a file": ". /x; a $A",
    "any, when it runs another file": "source /x; a $A",
    "any, when it runs a text": "eval x; a $A",
  };
  for (const [name, script] of Object.entries(hidden))
    it(`does not know a variable: ${name}`, () => assert.deepEqual(read(script)?.at(-1)?.words, ["a", hole]));

  it("knows a variable beside others", () => {
    for (const script of ["B=A; a $A", "echo A; a $A", "a . $A", "a source; a $A", "A; a $A", "xA=1; a $A"])
      assert.equal(read(script)?.at(-1)?.words.at(-1), "1 2");
  });

  const redirections: Record<string, [script: string, redirects: string[]]> = {
    "of output": ["a > b", [">b"]],
    "of output, by its number": ["a 1>b", [">b"]],
    "of output, in spite of all": ["a >| b", [">b"]],
    "of output to an end": ["a >>b 1>>\tc", [">>b", ">>c"]],
    "of input": ["a <b 0<c", ["<b", "0<c"]],
    "of both": ["a <>b &>c &>>d >&e <&f", ["<>b", "&>c", "&>>d", ">&e", "<&f"]],
    "of another number": ["a 3>b", ["3>b"]],
    "of errors": ["a 2>b 2>>c 2>&1", ["2>b", "2>>c", "2>&1"]],
    "with a name in quotes": [`a >"b $B_2"'c'`, [">b bc"]],
    "without a command": ["> b", [">b"]],
    "behind a word": ["a2>b", [">b"]],
    "of the next command alone": ["a >b; c", [">b"]],
  };
  for (const [name, [script, expected]] of Object.entries(redirections))
    it(`has redirections ${name}`, () => {
      const [first] = read(script) ?? [];
      assert.deepEqual(
        first?.redirects.map(({ operator, target }) => operator + target),
        expected,
      );
    });

  const heredocs: Record<string, [script: string, texts: (string | undefined)[]]> = {
    "as it stands": ["a <<E\nb\n c\nE\nd", ["b\n c\n", undefined]],
    "with what is put into it": ["a << E\n$A \\$A \\\\ \\` \\x `b` c\\\nd\nE", [`1 2 $A \\ \` \\x ${hole} cd\n`]],
    "with quotes": [`a <<E\n"$A" 'b'\nE`, [`"1 2" 'b'\n`]],
    "with nothing put into it": ["a <<'E'\n$A \\\\\nE", ["$A \\\\\n"]],
    "with nothing put into it, in double quotes": ['a <<"E"\n$A\nE', ["$A\n"]],
    "with nothing put into it, by a backslash": ["a <<\\E\n$A\nE", ["$A\n"]],
    "without tabs before it": ["a <<-E\n\t\tb\n c\td\n\tE\ne", ["b\n c\td\n", undefined]],
    "with tabs": ["a <<E\n\tb\n\tE\nE", ["\tb\n\tE\n"]],
    "to its end alone": ["a <<E\nEE\n E\nE", ["EE\n E\n"]],
    "at the end of the script": ["a <<E\nE", [""]],
    "of two on a line": ["a <<E; b <<F\nc\nE\nd\nF", ["c\n", "d\n"]],
    "of a pipe's first": ["a <<E | b\nc\nE", ["c\n", undefined]],
    "of a pipe on two lines": ["a <<E |\nc\nE\nb", ["c\n", undefined]],
    "the last of two for one": ["a <<E <<F\nc\nE\nd\nF", ["d\n"]],
    "without a command": ["<<E\nb\nE\na", ["b\n", undefined]],
  };
  for (const [name, [script, expected]] of Object.entries(heredocs))
    it(`has a text in it: ${name}`, () =>
      assert.deepEqual(
        read(script)?.map(({ heredoc }) => heredoc),
        expected,
      ));

  it("has pipes", () => {
    const piped = (script: string): boolean[] | undefined => read(script)?.map((each) => each.piped);
    assert.deepEqual(piped("a | b |\nc; d || e"), [true, true, false, false, false]);
    assert.deepEqual(piped("a\nb(c) d & e && f; g)h"), Array(8).fill(false));
  });

  /** Whether the last command runs, and once. */
  const certain = ["b", "a; b", "a & b", "a | b", "(a); b", "((a) a); b", "f() { a; }; b", "case x in a) a;; esac; b"];
  const loops = ["if a; then a; fi", "while a; do a; done", "until a; do a; done", "for a in b; do a; done"];
  const more = ["select a in b; do a; done", "{ a; }", "function f { a; }", "case x in x) a; esac", "a || c", "a && c"];
  const doing = ["cat", "cd", "chmod", "chown", "echo", "export", "mkdir", "nginx", "printf", "rm"];
  const others = ["set", "base64", "tee", "touch"];
  const conditional = ["if b", "if a; then b", "if a; then a; else b", "while b", "while a; do b", "until b", "{ b"];
  const nested = [
    "for a in c; do b",
    "case x in x) a;; y) b",
    "(b",
    "select a in c; do b",
    "X=1 && b",
    "cat || b",
    "(a; (c); b",
    "f() { b",
    "function f { b",
    "} { b",
  ];
  const lists = ["a || b", "a || c; } ; a || b", "a || c | b", "a ||\n b", "a || # c\n\n b", "a || c |\n b", "a && b"];
  const asked = [
    "[ a ] && b",
    "test a && cd c && b",
    "! grep a && b",
    "a || cd c && b",
    "cd a &&\ntest b &&\n b",
    "fi { b",
  ];
  const all = [
    ...certain,
    ...[...loops, ...more].map((each) => `${each}; b`),
    ...doing.concat(others).map((each) => `${each} a && b`),
  ];
  for (const script of [
    ...all,
    "X=1 || c\nb",
    "cd a && cd c && b",
    "mkdir a | tee b && b",
    "a || c & b",
    "cd a || > c\nb",
  ])
    it(`runs the last command: ${script}`, () => assert.equal(read(script)?.at(-1)?.conditional, false));
  for (const script of [...conditional, ...nested, ...lists, ...asked])
    it(`may not run the last command: ${script}`, () => assert.equal(read(script)?.at(-1)?.conditional, true));

  const beyond = [
    "'a",
    '"a',
    "a <<< b",
    "$(a",
    "${a",
    "`a",
    "a <<E",
    "a <<E\nb",
    "a <<E\nb\nEE",
    "$(a 'b)",
    '$("a)',
    '"$("a)"',
  ];
  for (const script of [...beyond, "a \v b"])
    it(`is beyond the reader: ${script}`, () => assert.equal(read(script), undefined));
});
