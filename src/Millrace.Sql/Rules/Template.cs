using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Millrace.Contracts.Records;
using Millrace.Sql.Payload;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules;

/// <summary>A text with expressions in it, such as <c>cmd/cars/${vin}/stop</c>: AWS's substitution templates.</summary>
/// <remarks>Expressions see the original message, never what SELECT made of it. Immutable; each thread has its own context.</remarks>
public sealed class Template
{
    private readonly RuleSqlOptions _options;
    private readonly FieldSet _fields;
    private readonly bool _readsPayload;
    private readonly List<Part> _parts;

    private Template(string text, RuleSqlOptions options, FieldSet fields, bool readsPayload, List<Part> parts)
    {
        Text = text;
        _options = options;
        _fields = fields;
        _readsPayload = readsPayload;
        _parts = parts;
    }

    /// <summary>The template as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether there is no expression in it, so that it is the same for each message.</summary>
    public bool IsConstant => _parts.TrueForAll(static part => part.Expression is null);

    /// <summary>Whether it tells who published (<c>principal()</c>, <c>sourceip()</c>), which records carry only when asked to.</summary>
    public bool UsesPublisher { get; private init; }

    /// <summary>Compiles a template, or says where and why not.</summary>
    public static bool TryCompile(string text, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out SqlError? error) =>
        TryCompile(text, RuleSqlOptions.Default, out template, out error);

    /// <summary>Compiles a template, or says where and why not.</summary>
    /// <param name="options">Of the rule it belongs to, <see cref="CompiledRule.TemplateOptions"/>: then it sees that rule's variables.</param>
    public static bool TryCompile(
        string text, RuleSqlOptions options, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out SqlError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        template = null;
        error = null;
        var fields = new FieldSet();
        try
        {
            var compiler = new Compiler(fields, options);
            var parts = Parse(text, compiler);
            template = new Template(text, options, fields, compiler.UsesPayload || fields.Count > 0, parts)
            {
                UsesPublisher = compiler.Functions.UsesPublisher,
            };
            return true;
        }
        catch (SyntaxException mistake)
        {
            error = SqlError.At(text, mistake.At, mistake.Message);
            return false;
        }
    }

    /// <summary>What it may give: the text with <paramref name="value"/> for each expression.</summary>
    public string Sample(string value) => string.Concat(_parts.Select(part => part.Expression is null ? Text[part.At..part.End] : value));

    /// <summary>Writes the text for a message.</summary>
    /// <param name="required">
    /// Whether each expression must have a text. Else one that is Undefined or Null is the empty text, as it is on AWS: for parameters that
    /// may be empty. A topic or the name of a table may not.
    /// </param>
    /// <returns>
    /// False, with nothing written and the reason in <see cref="RuleContext.Reason"/>, where a text that is required is not there, or the
    /// template needs JSON and the payload is none.
    /// </returns>
    public bool TryRender(in Record record, RuleContext context, IBufferWriter<byte> output, bool required = true)
    {
        context.Begin();
        Fields fields = default;
        if (_readsPayload)
        {
            var reader = context.ReaderFor(_fields);
            if (!reader.TryRead(record.Payload, out fields) && reader.Error.Fault != PayloadFault.NotAnObject)
            {
                context.Fail(reader.Error);
                return false;
            }
        }

        var e = new Evaluation(record, fields, context, _options);
        var text = context.TakeText();
        foreach (var part in _parts)
            if (!TryRender(part, e, text, required)) return false;
        output.Write(text.Written);
        return true;
    }

    public override string ToString() => Text;

    private bool TryRender(Part part, scoped in Evaluation e, TextBuffer text, bool required)
    {
        if (part.Expression is null)
        {
            text.Write(part.Literal);
            return true;
        }

        if (!Conversions.TryText(e, part.Expression.Evaluate(e), out var value))
        {
            if (!required && !e.Context.Failed) return true;
            if (!e.Context.Failed) e.Context.Fail($"{Text[part.At..part.End]} in the template '{Text}' is Undefined or Null for this message");
            return false;
        }

        if (!e.Context.HasRoom(value.Length)) return false;
        text.Write(value);
        return true;
    }

    private static List<Part> Parse(string text, Compiler compiler)
    {
        if (text.Length > Parser.MaxLength) throw new SyntaxException(0, $"a template must not be longer than {Parser.MaxLength / 1024} KiB");
        Lexer.CheckUnicode(text);
        var parts = new List<Part>();
        var at = 0;
        while (true)
        {
            var start = text.IndexOf("${", at, StringComparison.Ordinal);
            var literal = start < 0 ? text[at..] : text[at..start];
            if (literal.Length > 0) parts.Add(new Part(Encoding.UTF8.GetBytes(literal), null, at, at + literal.Length));
            if (start < 0) return parts;

            // The expression ends at the token '}', not at the first such character: a string or an object may hold one.
            var tokens = new TokenReader(new Lexer(text, start + 2));
            if (tokens.Current.Is("}")) throw new SyntaxException(tokens.Current.At, "expected an expression between '${' and '}'");
            var expression = compiler.Compile(new ExpressionParser(tokens).Parse());
            if (!tokens.Current.Is("}")) throw tokens.Expected("'}' behind the expression");
            at = tokens.Current.End;
            parts.Add(new Part([], expression, start, at));
        }
    }

    private readonly record struct Part(byte[] Literal, Expression? Expression, int At, int End);
}
