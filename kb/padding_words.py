"""Words of which a whole clause may be made without saying anything about a problem, by language."""

WORDS = {
    "en": """
        a about absolutely advice advise am an and angry annoyed annoying answer answers any anybody anyone appreciate appreciated are as asap
        assist assistance awful back bad be been bother but can client company could customer customers did disappointed disappointing disturb do
        does ever excuse explain extremely following for forward from frustrated frustrating getting going got great happy have hear hearing help
        helping helps hi honest honestly hope hoping horrible how i idea ideas immediately in is issue issues it joke just kindly know let long look
        looking love loyal many me month months my need now of ok okay on or our out please poor possible problem problems question questions quick
        quickly quite really replies reply response ridiculous sad should since so somebody someone soon sorry sort still suggestion suggestions
        support tell terrible that the thing things this thought thoughts time to today totally unacceptable understand unhappy upset urgent
        urgently us very wait waiting want was we well what why with wonder wondering would write writing wrong year years you your yours
    """,
    "ru": """
        а беспокойство беспокою будем буду бы быстрее быстро быть в вам вас ваш ваша ваши возмущен возмущена вообще вопрос вопросы вот все вы год
        годы давно делать дело для до если есть еще ждать жду же за зачем и из извините или к как клиент компания крайне кто лет ли меня месяц
        месяцев мне много можно мои мой моя мы на надеюсь надо нам написать нас наш не недоволен недовольна нибудь но нужно объясните от ответ
        ответьте очень пишу плохо плохой по подскажите пожалуйста покупатель пользователь помогите помочь помощь понимаю понять пор посоветуйте
        постоянный почему проблема проблему проблемы происходит просим простите просто прошу рад рада раздражать разобраться разочарован
        разочарована разочарованы решите решить с сделать ситуацию ситуация сих скажите скорее скоро следующая следующую случилось совсем срочно так
        такая такое такой такую то у ужас ужасно ужасный уже хотел хотела хотелось хочу честно что эта это этот я
    """,
}
DETAILS = {
    "en": "account address called cell email id invoice mail mobile name number order reach ref reference serial tel telephone ticket under",
    "ru": "адрес договор заказ заказа звоните зовут имейл имя мобильный номер перезвоните позвонить почта почту связаться счет телефон эл электронная",
}
"""Words that say as little in a clause which has an address, a telephone number or a number of something in it."""
CHINESE = (
    (
        r"请?(?:希望|麻烦|拜托|恳请|求)?(?:你们?|您|贵公司|客服)?(?:能|能够|可以)?(?:尽快|尽早|赶紧|马上|立刻|快点|帮忙|帮帮|帮助|帮|给|予以){0,4}(?:我|我们)?(?:一个|个|一下)?(?:解决|处理|回复|答复|回应|看看|看一下|帮忙|说明|解答|指导|核实)"
        r"(?:一下|下|方案|办法)?(?:吧|好吗|可以吗|谢谢)?"
    ),
    r"(?:请问)?(?:我|我们)?(?:现在|到底|究竟|应该|该){0,3}(?:怎么办|怎么处理|怎么解决|如何处理|如何解决|如何是好|怎么做|怎么回事|什么情况|为什么)(?:呢|啊|才好)?",
    r"请?(?:谁能|有人能)?帮帮?(?:忙|我|我们)(?:吧)?|请?告诉我|请教(?:一下)?|打扰(?:一下)?了?|不好意思|抱歉|在线等|谢谢(?:您|你们?)?",
    r"(?:说实话|老实说|真的|实在|非常|很|特别|十分|太|有点|让人|令人|感到|觉得|快要?){0,4}(?:着急|急|紧急|失望|生气|愤怒|不满意|不满|郁闷|烦|差劲|差|糟糕|崩溃|无语|苦恼|头疼)(?:死|透顶)?(?:了|的)?",
    r"(?:我|我们)?(?:是|作为)?(?:你们|贵公司|您们|您)?(?:家)?(?:的)?(?:多年|长期)?(?:的)?(?:老|忠实)?(?:客户|用户|顾客|会员|粉丝)(?:很多年|好多年|多年)?了?|(?:你们|贵公司)的?(?:服务|公司|客服|态度)",
    r"(?:我)?(?:想|要)?(?:有|遇到)?(?:了)?(?:一个|个|些|点)?(?:问题|疑问|麻烦|情况)(?:想)?(?:请教|咨询|问|反映)?(?:一下)?|(?:想)?(?:咨询|问|反映)(?:一下|下)?",
    r"(?:期待|等待|等候|等|静候)(?:您|你们?)?的?(?:回复|答复|消息|佳音)|(?:已经)?(?:等|试|弄|搞)了?(?:很|好)久了?|(?:有需要|有问题)?(?:请)?(?:打|联系|致电|加)我?的?",
)
"""Pieces of clauses that say nothing; a clause is padding if nothing is left without them."""
CHINESE_DETAILS = r"(?:我|我们)?的?(?:订单编号|订单号|订单|编号|邮箱|邮件|联系电话|电话|手机号|手机|微信|联系方式|账号|姓名|名字)(?:号码|地址)?(?:是|为|叫)?"
