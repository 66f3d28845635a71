using System.Globalization;
using System.Text;
using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Windows;

/// <summary>An expression as text that is the same for two that mean the same: positions, spaces and the case of functions do not count.</summary>
internal static class SyntaxText
{
    public static string Of(Syntax.Syntax syntax)
    {
        var text = new StringBuilder();
        Write(text, syntax);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Syntax.Syntax syntax)
    {
        switch (syntax)
        {
            case NumberSyntax number: text.Append(number.Text); break;
            case StringSyntax literal: Quote(text, literal.Text); break;
            case WordSyntax word: text.Append(word.Value?.ToString() ?? "NULL"); break;
            case NameSyntax name: text.Append('.'); Quote(text, name.Name); break;
            case VariableSyntax variable: text.Append('@').Append(variable.Name); break;
            case CaseSyntax choice: List(text, choice.Else is null ? "CASE" : "CASE ELSE", SyntaxWalk.PartsOf(choice)); break;
            case StarSyntax: text.Append('*'); break;
            case MemberSyntax member: Write(text, member.Of); text.Append('.'); Quote(text, member.Name); break;
            case IndexSyntax index: List(text, "[", [index.Of, index.Index]); break;
            case UnarySyntax unary: List(text, unary.Operator, [unary.Operand]); break;
            case BinarySyntax binary: List(text, binary.Operator, [binary.Left, binary.Right]); break;
            case CallSyntax call: List(text, call.Name.ToUpperInvariant(), call.Arguments); break;
            case CastSyntax cast: List(text, $"CAST {cast.Type.ToUpperInvariant()}", [cast.Operand]); break;
            case ArraySyntax array: List(text, "ARRAY", array.Items); break;
            case ObjectSyntax json: List(text, $"OBJECT {string.Join('\0', json.Members.Select(static m => m.Name))}", json.Members.Select(static m => m.Value)); break;
            case DistinctSyntax distinct: List(text, "DISTINCT", [distinct.Operand]); break;

            // Never equal to another: where it stands is part of it.
            default: text.Append(CultureInfo.InvariantCulture, $"{syntax.GetType().Name}@{syntax.At}"); break;
        }
    }

    private static void List(StringBuilder text, string head, IEnumerable<Syntax.Syntax> items)
    {
        text.Append('(').Append(head);
        foreach (var item in items)
        {
            text.Append(' ');
            Write(text, item);
        }

        text.Append(')');
    }

    private static void Quote(StringBuilder text, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{value.Length}:").Append(value);
}
